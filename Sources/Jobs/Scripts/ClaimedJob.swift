internal import RedisWire

/// A job under a lease.
public struct ClaimedJob: Sendable, Equatable {
  /// The job.
  public var id: JobID { record.id }
  /// The fencing token: the number of this delivery. With the worker's id it proves the lease.
  public let token: Int64
  /// The hash as it was claimed, with state `running`.
  public let record: JobRecord

  /// Creates one.
  public init(token: Int64, record: JobRecord) {
    var record = record
    record.state = .running
    record.deliveries = token
    self.token = token
    self.record = record
  }

  /// Reads rows of `{ id, token, { field, value ... } }`; counts those whose id is none.
  static func rows(
    _ rows: ArraySlice<RESPValue>, script: ScriptName
  ) throws(JobError) -> (jobs: [ClaimedJob], strays: Int) {
    var jobs: [ClaimedJob] = []
    jobs.reserveCapacity(rows.count)
    var strays = 0
    for row in rows {
      guard let parts = row.elements, parts.count == 3, let idBytes = parts[0].bytes, let token = parts[1].int,
        token > 0, let fields = parts[2].pairs
      else { throw .unexpectedReply(script: script.rawValue, detail: "a row that is not id, token, fields") }
      if let id = JobID(bytes: idBytes) {
        jobs.append(ClaimedJob(token: token, record: JobRecord(id: id, fields: fields)))
      } else {
        strays += 1
      }
    }
    return (jobs, strays)
  }
}
