public import Service
import Synchronization

/// The state of the queues as last read from Redis, for scrapes: a scrape never waits for Redis.
///
/// Every replica shows the same numbers, so they are aggregated with `max`. What is older than 15 s is left out: an
/// autoscaler must see no data rather than stale data.
public final class QueueGauges: Sendable {
  /// What one reading found.
  public struct Snapshot: Sendable {
    /// Each queue's counts.
    public var queues: [(name: QueueName, stats: QueueStats)]
    /// How many workers serve each queue, and how many there are by state.
    public var workers: WorkerCensus
    /// When the last backup was made, in Unix milliseconds; nil when none is known.
    public var backupMs: Int64?
    /// When it was read, in monotonic nanoseconds.
    public var readAt: Int64

    /// Creates a snapshot.
    public init(
      queues: [(name: QueueName, stats: QueueStats)], workers: WorkerCensus, backupMs: Int64? = nil, readAt: Int64
    ) {
      self.queues = queues
      self.workers = workers
      self.backupMs = backupMs
      self.readAt = readAt
    }
  }

  /// Beyond this age nothing is shown.
  public static let longestAge = Duration.seconds(15)

  private struct State {
    var snapshot: Snapshot?
    var isRedisUp = false
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Int64

  /// Declares the gauges.
  ///
  /// - Parameter now: monotonic nanoseconds.
  public init(on registry: MetricsRegistry, now: @escaping @Sendable () -> Int64 = MonotonicClock.nowNanoseconds) {
    self.now = now
    registry.gauge("queue_jobs", help: "Jobs by state, from Redis.", labels: ["queue", "state"]) { [self] in
      samples { $0.queues.flatMap { Self.counts($0.name, $0.stats) } }
    }
    registry.gauge(
      "queue_oldest_age_seconds", help: "How long the oldest ready job waits; 0 when none does.", labels: ["queue"]
    ) { [self] in
      samples { $0.queues.map { MetricSample([$0.name.text], Double($0.stats.oldestReadyAgeMs ?? 0) / 1000) } }
    }
    registry.gauge("queue_paused", help: "1 while a queue is paused.", labels: ["queue"]) { [self] in
      samples { $0.queues.map { MetricSample([$0.name.text], $0.stats.isPaused ? 1 : 0) } }
    }
    registry.gauge("queue_workers", help: "Workers that serve a queue.", labels: ["queue"]) { [self] in
      samples { snapshot in
        snapshot.queues.map { MetricSample([$0.name.text], Double(snapshot.workers.byQueue[$0.name] ?? 0)) }
      }
    }
    registry.gauge("workers", help: "Workers by state.", labels: ["state"]) { [self] in
      samples { snapshot in
        WorkerState.allCases.map { MetricSample([$0.rawValue], Double(snapshot.workers.byState[$0] ?? 0)) }
      }
    }
    registry.gauge(
      "backup_last_success_timestamp_seconds", help: "When the last backup was made; absent when none is known."
    ) { [self] in
      samples { $0.backupMs.map { [MetricSample([], Double($0) / 1000)] } ?? [] }
    }
    registry.gauge("redis_up", help: "1 while Redis answers.") { [self] in
      [MetricSample([], state.withLock(\.isRedisUp) ? 1 : 0)]
    }
    registry.gauge("queue_stats_age_seconds", help: "Age of the queue gauges.") { [self] in
      guard let readAt = state.withLock({ $0.snapshot?.readAt }) else { return [] }
      return [MetricSample([], Double(now() - readAt) / 1e9)]
    }
  }

  /// The last reading, however old.
  public var snapshot: Snapshot? { state.withLock(\.snapshot) }

  /// Keeps a reading.
  public func update(_ snapshot: Snapshot) {
    state.withLock {
      $0.snapshot = snapshot
      $0.isRedisUp = true
    }
  }

  /// Redis did not answer; the last reading grows older.
  public func redisIsDown() { state.withLock { $0.isRedisUp = false } }

  private func samples(_ read: (Snapshot) -> [MetricSample]) -> [MetricSample] {
    guard let snapshot, .nanoseconds(now() - snapshot.readAt) <= Self.longestAge else { return [] }
    return read(snapshot)
  }

  private static func counts(_ queue: QueueName, _ stats: QueueStats) -> [MetricSample] {
    let counts: [(String, Int64)] = [
      ("ready", stats.ready), ("scheduled", stats.scheduled), ("retrying", stats.retrying),
      ("running", stats.running), ("done", stats.done), ("dead", stats.dead),
    ]
    return counts.map { MetricSample([queue.text, $0.0], Double($0.1)) }
  }
}
