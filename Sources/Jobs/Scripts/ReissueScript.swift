public import RedisWire

/// `reissue.lua`: after a restore, makes the tokens of jobs old, and takes their leases back.
public enum ReissueScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` ids.
  public struct Request: Sendable {
    /// What to do to them.
    public var scope: Scope
    /// How long ended jobs are kept.
    public var retention: Retention
    /// The jobs; ids may have been made by hand.
    public var ids: [String]

    /// Creates a request.
    public init(_ scope: Scope, retention: Retention = Retention(), ids: [String]) {
      self.scope = scope
      self.retention = retention
      self.ids = ids
    }
  }

  /// What is done to jobs.
  public enum Scope: String, Sendable {
    /// Their tokens are made old; lists and sets need not be there yet.
    case tokens
    /// What runs is put back into the line.
    case leases
    /// Both.
    case both
  }

  /// What became of one job.
  public enum Outcome: Sendable, Hashable {
    /// There is no such job.
    case missing
    /// It is there.
    case reissued
    /// It ran; now it waits again, or has ended when its cancellation was asked for.
    case takenBack
  }

  /// See `JobScript`.
  public static var name: ScriptName { .reissue }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.scope.rawValue)
    command.append(request.retention.resultMs)
    for id in request.ids { command.append(id) }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Outcome] {
    try codes(reply, count: request.ids.count) { value in
      switch value.int {
      case 0: .missing
      case 1: .reissued
      case 2: .takenBack
      default: nil
      }
    }
  }
}
