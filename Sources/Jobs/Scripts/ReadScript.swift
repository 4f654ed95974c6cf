public import RedisWire

/// `read.lua`: the hashes of several jobs in one round trip; runs on a replica.
public enum ReadScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` ids.
  public struct Request: Sendable {
    /// Whether payload, raw element and result are left out.
    public var isBrief: Bool
    /// The jobs.
    public var ids: [JobID]

    /// Creates a request.
    public init(isBrief: Bool = false, ids: [JobID]) {
      self.isBrief = isBrief
      self.ids = ids
    }
  }

  /// See `JobScript`.
  public static var name: ScriptName { .read }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append((request.isBrief ? "brief" : "all") as StaticString)
    for id in request.ids { command.append(id.text) }
  }

  /// See `JobScript`. Nil where there is no such job.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [JobRecord?] {
    let rows = try elements(reply, count: request.ids.count)
    var records: [JobRecord?] = []
    records.reserveCapacity(rows.count)
    for (id, row) in zip(request.ids, rows) {
      guard let fields = row.pairs else { throw unexpected("a row that is not fields and values") }
      records.append(fields.isEmpty ? nil : JobRecord(id: id, fields: fields))
    }
    return records
  }
}
