public import RedisWire

/// `purge.lua`: deletes ended jobs for good.
public enum PurgeScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` ids.
  public struct Request: Sendable {
    /// The jobs.
    public var ids: [JobID]

    /// Creates a request.
    public init(ids: [JobID]) { self.ids = ids }
  }

  /// What became of one job.
  public enum Outcome: Sendable, Hashable {
    /// It is gone.
    case purged
    /// It has not ended; nothing changed.
    case unfinished(JobState)
    /// There is no such job.
    case missing
  }

  /// See `JobScript`.
  public static var name: ScriptName { .purge }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    for id in request.ids { command.append(id.text) }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Outcome] {
    try codes(reply, count: request.ids.count) { value in
      if case .integer(1) = value { return .purged }
      return switch value.string {
      case "missing": .missing
      case let word?: JobState(rawValue: word).map { .unfinished($0) }
      case nil: nil
      }
    }
  }
}
