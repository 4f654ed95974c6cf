public import RedisWire

/// `settle.lua`: ends deliveries, each under its own token. The same call again answers `already`.
public enum SettleScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// Who claimed them.
    public var worker: String
    /// How long ended jobs are kept.
    public var retention: Retention
    /// The deliveries, at most `JobLimits.batchJobs`.
    public var settlements: [Settlement]

    /// Creates a request.
    public init(worker: String, retention: Retention = Retention(), settlements: [Settlement]) {
      self.worker = worker
      self.retention = retention
      self.settlements = settlements
    }

    func appendHead(to command: inout RedisCommand) {
      command.append(worker)
      command.append(retention.resultMs)
      command.append(retention.deadMs)
      command.append(retention.doneMax)
      command.append(retention.deadMax)
    }

    func appendJobs(to command: inout RedisCommand) {
      for settlement in settlements {
        settlement.append(to: &command, retention: retention)
      }
    }
  }

  /// See `JobScript`.
  public static var name: ScriptName { .settle }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    request.appendHead(to: &command)
    request.appendJobs(to: &command)
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Settlement.Code] {
    try codes(reply, count: request.settlements.count) { Settlement.Code($0) }
  }
}
