public import RedisWire

/// `progress.lua`: writes the progress of running jobs. Refused with `OOM` when Redis is full; the worker goes on.
public enum ProgressScript: JobScript {
  /// Progress of one job.
  public struct Note: Sendable, Equatable {
    /// The lease under which it runs.
    public var lease: Lease
    /// One JSON text; for a sealed kind nothing from inside its content.
    public var progress: [UInt8]

    /// Creates a note.
    public init(lease: Lease, progress: [UInt8]) {
      self.lease = lease
      self.progress = progress
    }
  }

  /// One call; at most `JobLimits.batchJobs` notes.
  public struct Request: Sendable {
    /// Who runs them.
    public var worker: String
    /// The notes.
    public var notes: [Note]

    /// Creates a request.
    public init(worker: String, notes: [Note]) {
      self.worker = worker
      self.notes = notes
    }
  }

  /// See `JobScript`.
  public static var name: ScriptName { .progress }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.worker)
    for note in request.notes {
      command.append(note.lease.id.text)
      command.append(note.lease.token)
      command.append(note.progress)
    }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Settlement.Code] {
    try codes(reply, count: request.notes.count) { Settlement.Code($0) }
  }
}
