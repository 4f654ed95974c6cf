public import RedisWire

/// `cancel.lua`: ends waiting jobs, and asks running ones to stop.
public enum CancelScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` ids.
  public struct Request: Sendable {
    /// How long ended jobs are kept.
    public var retention: Retention
    /// The jobs.
    public var ids: [JobID]

    /// Creates a request.
    public init(retention: Retention = Retention(), ids: [JobID]) {
      self.retention = retention
      self.ids = ids
    }
  }

  /// What became of one job.
  public enum Outcome: Sendable, Hashable {
    /// It ended here.
    case cancelled
    /// It runs; the worker is told with its next extend.
    case requested
    /// It had ended before, as the state says.
    case finished(JobState)
    /// There is no such job.
    case missing
  }

  /// See `JobScript`.
  public static var name: ScriptName { .cancel }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.retention.resultMs)
    command.append(request.retention.doneMax)
    for id in request.ids { command.append(id.text) }
  }

  /// See `JobScript`. A job that was cancelled before answers `cancelled` too.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Outcome] {
    try codes(reply, count: request.ids.count) { value in
      switch value.string {
      case "cancelled": .cancelled
      case "requested": .requested
      case "missing": .missing
      case let word?: JobState(rawValue: word).map { .finished($0) }
      case nil: nil
      }
    }
  }
}
