public import RedisWire

/// `reclaim.lua`: after a lost reply, the running jobs of a worker that it does not know of. Changes nothing.
public enum ReclaimScript: JobScript {
  /// One call; go on with the reply's offset until it is nil.
  public struct Request: Sendable {
    /// Who asks.
    public var worker: String
    /// Where to look on.
    public var offset: Int64
    /// How many running jobs to look at, at most 256.
    public var window: Int
    /// The jobs that the worker knows.
    public var known: [JobID]

    /// Creates a request.
    public init(worker: String, offset: Int64 = 0, window: Int = 256, known: [JobID]) {
      self.worker = worker
      self.offset = offset
      self.window = window
      self.known = known
    }
  }

  /// What was found.
  public struct Reply: Sendable, Equatable {
    /// Where to look on; nil at the end.
    public var nextOffset: Int64?
    /// The jobs, under their tokens.
    public var jobs: [ClaimedJob]
  }

  /// See `JobScript`.
  public static var name: ScriptName { .reclaim }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.worker)
    command.append(min(max(0, request.offset), 1 << 40))
    command.append(min(max(1, request.window), 256))
    for id in request.known { command.append(id.text) }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply {
    let elements = try elements(reply)
    guard let first = elements.first else { throw unexpected("an empty array") }
    let next = try integer(first)
    let rows = try ClaimedJob.rows(elements[1...], script: name)
    return Reply(nextOffset: next < 0 ? nil : next, jobs: rows.jobs)
  }
}
