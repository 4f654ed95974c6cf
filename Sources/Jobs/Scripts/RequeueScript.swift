public import RedisWire

/// `requeue.lua`: by hand. Dead and cancelled jobs start a new life; scheduled and retrying ones run now.
public enum RequeueScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` ids.
  public struct Request: Sendable {
    /// The jobs.
    public var ids: [JobID]

    /// Creates a request.
    public init(ids: [JobID]) { self.ids = ids }
  }

  /// What became of one job.
  public enum Outcome: Sendable, Hashable {
    /// It is in the line.
    case requeued
    /// Its payload was deleted at its end, as for every sealed kind; submit it anew.
    case payloadGone
    /// Its state does not allow it; nothing changed.
    case unchanged(JobState)
    /// There is no such job.
    case missing
  }

  /// See `JobScript`.
  public static var name: ScriptName { .requeue }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    for id in request.ids { command.append(id.text) }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Outcome] {
    try codes(reply, count: request.ids.count) { value in
      if case .integer(1) = value { return .requeued }
      return switch value.string {
      case "payload_gone": .payloadGone
      case "missing": .missing
      case let word?: JobState(rawValue: word).map { .unchanged($0) }
      case nil: nil
      }
    }
  }
}
