/// One queue in numbers.
public struct QueueStats: Sendable, Hashable {
  /// Redis' time, Unix ms.
  public var nowMs: Int64
  /// Jobs in the line, without those that were cancelled there.
  public var ready: Int64
  /// Jobs that wait for their time.
  public var scheduled: Int64
  /// Jobs that failed and wait.
  public var retrying: Int64
  /// Jobs under a lease.
  public var running: Int64
  /// Succeeded and cancelled jobs that are kept.
  public var done: Int64
  /// Dead jobs that are kept.
  public var dead: Int64
  /// Cancelled jobs that still lie in the line.
  public var tombstones: Int64
  /// How long the oldest of the next 16 waits, in milliseconds; nil when none says.
  public var oldestReadyAgeMs: Int64?
  /// When the next waiting job falls due.
  public var nextDueMs: Int64?
  /// Whether claims are stopped.
  public var isPaused: Bool
  /// Rings for idle workers.
  public var rings: Int64
}
