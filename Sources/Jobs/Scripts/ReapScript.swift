public import RedisWire

/// `reap.lua`: recovers expired leases, promotes due jobs, trims what has ended. Every process calls it every second.
public enum ReapScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// How many of each, at most `JobLimits.batchJobs`.
    public var limit: Int
    /// The lost lease with which a job is dead.
    public var deadlyLosses: Int
    /// How long ended jobs are kept.
    public var retention: Retention

    /// Creates a request.
    public init(limit: Int = JobLimits.batchJobs, deadlyLosses: Int = 3, retention: Retention = Retention()) {
      self.limit = limit
      self.deadlyLosses = deadlyLosses
      self.retention = retention
    }
  }

  /// What it did.
  public struct Reply: Sendable, Hashable {
    /// Jobs put back after a lost lease.
    public var recovered = 0
    /// Jobs that are dead of lost leases.
    public var poisoned = 0
    /// Jobs that ended as cancelled with their lost lease.
    public var cancelled = 0
    /// Entries whose hash is gone.
    public var missing = 0
    /// Due jobs put into the line.
    public var promoted = 0
    /// Ended jobs forgotten.
    public var trimmed = 0
    /// Whether something may be left: call again at once.
    public var mayHaveMore = false

    /// Nothing done.
    public init() {}

    /// Leases that ran out.
    public var lost: Int { recovered + poisoned + cancelled }
  }

  /// See `JobScript`.
  public static var name: ScriptName { .reap }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(min(max(1, request.limit), JobLimits.batchJobs))
    command.append(max(1, request.deadlyLosses))
    command.append(request.retention.resultMs)
    command.append(request.retention.deadMs)
    command.append(max(0, request.retention.doneMax))
    command.append(max(0, request.retention.deadMax))
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply {
    let parts = try elements(reply, count: 7)
    var result = Reply()
    result.recovered = try count(parts[0])
    result.poisoned = try count(parts[1])
    result.cancelled = try count(parts[2])
    result.missing = try count(parts[3])
    result.promoted = try count(parts[4])
    result.trimmed = try count(parts[5])
    result.mayHaveMore = try integer(parts[6]) == 1
    return result
  }
}
