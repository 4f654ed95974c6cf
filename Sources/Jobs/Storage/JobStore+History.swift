internal import RedisWire

/// What was counted in one minute.
public struct QueueMinute: Sendable, Equatable {
  /// When the minute began, Unix ms of Redis.
  public let startMs: Int64
  /// Jobs put in.
  public var enqueued: Int64 = 0
  /// Jobs that ended with a result.
  public var succeeded: Int64 = 0
  /// Attempts that failed.
  public var failed: Int64 = 0
  /// Jobs that died.
  public var dead: Int64 = 0
  /// Jobs that were cancelled.
  public var cancelled: Int64 = 0
  /// Claims of jobs that told since when they waited.
  public var waits: Int64 = 0
  /// How long these waited together, in milliseconds.
  public var waitMs: Int64 = 0

  /// How long a job waited for its worker on average, in seconds; nil when none was claimed.
  public var meanWaitSeconds: Double? { waits > 0 ? Double(waitMs) / Double(waits) / 1000 : nil }

  /// The counters with their names.
  public var counts: [(name: String, count: Int64)] {
    [
      ("enqueued", enqueued), ("succeeded", succeeded), ("failed", failed), ("dead", dead), ("cancelled", cancelled),
    ]
  }

  init(startMs: Int64, fields: RESPMap?) {
    self.startMs = startMs
    func count(_ name: String) -> Int64 { max(0, min(fields?[name]?.int ?? 0, 1 << 53)) }
    enqueued = count("enqueued")
    succeeded = count("succeeded")
    failed = count("failed")
    dead = count("dead")
    cancelled = count("cancelled")
    waits = count("waits")
    waitMs = count("wait_ms")
  }

  /// The counters of two queues in the same minute.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.enqueued += right.enqueued
    sum.succeeded += right.succeeded
    sum.failed += right.failed
    sum.dead += right.dead
    sum.cancelled += right.cancelled
    sum.waits += right.waits
    sum.waitMs += right.waitMs
    return sum
  }
}

extension JobStore {
  /// What was counted in queues in each of the last minutes, the oldest first; counters are kept for 25 hours.
  ///
  /// - Redis: HGETALL a minute and queue, in one round trip.
  public func history(
    of queues: [QueueName], endingAt nowMs: Int64, minutes: Int
  ) async throws(JobError) -> [QueueMinute] {
    let last = nowMs / 60_000
    let numbers = Array((last - Int64(minutes) + 1)...last)
    let replies = try await execute(
      all: queues.flatMap { queue in
        numbers.map { RedisCommand("HGETALL", keys.queue(queue).stats(minute: $0)) }
      })
    var sums = numbers.map { QueueMinute(startMs: $0 * 60_000, fields: nil) }
    for (place, reply) in replies.enumerated() {
      let minute = place % minutes
      sums[minute] = sums[minute] + QueueMinute(startMs: sums[minute].startMs, fields: reply.pairs)
    }
    return sums
  }
}
