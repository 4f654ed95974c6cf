public import RedisWire

/// `stats.lua`: counts one queue; cheap enough for every scrape, and runs on a replica.
public enum StatsScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// Creates a request.
    public init() {}
  }

  /// See `JobScript`.
  public static var name: ScriptName { .stats }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {}

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> QueueStats {
    let parts = try elements(reply, count: 12)
    let age = try integer(parts[8])
    let due = try integer(parts[9])
    return QueueStats(
      nowMs: try integer(parts[0]), ready: max(0, try integer(parts[1])), scheduled: try integer(parts[2]),
      retrying: try integer(parts[3]), running: try integer(parts[4]), done: try integer(parts[5]),
      dead: try integer(parts[6]), tombstones: try integer(parts[7]), oldestReadyAgeMs: age < 0 ? nil : age,
      nextDueMs: due < 0 ? nil : due, isPaused: try integer(parts[10]) == 1, rings: try integer(parts[11]))
  }
}
