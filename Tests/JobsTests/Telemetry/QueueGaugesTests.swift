import Service
import Synchronization
import Testing

@testable import Jobs

@Suite("Gauges of queues")
struct QueueGaugesTests {
  private final class Clock: Sendable {
    private let time = Atomic<Int64>(1)
    var now: Int64 { time.load(ordering: .relaxed) }
    func advance(_ seconds: Int64) { time.add(seconds * 1_000_000_000, ordering: .relaxed) }
  }

  private let clock = Clock()
  private let registry = MetricsRegistry()
  private let gauges: QueueGauges

  init() { gauges = QueueGauges(on: registry, now: { [clock] in clock.now }) }

  private var text: String { String(decoding: registry.exposition(), as: UTF8.self) }

  private func read() throws {
    let queue = try #require(QueueName("proof"))
    let stats = QueueStats(
      nowMs: 1, ready: 12, scheduled: 1, retrying: 2, running: 3, done: 4, dead: 5, tombstones: 0,
      oldestReadyAgeMs: 1500, nextDueMs: nil, isPaused: true, rings: 0)
    gauges.update(
      .init(queues: [(queue, stats)], workers: WorkerCensus([(.running, [queue])]), readAt: clock.now))
  }

  @Test("before the first reading there is no number of a queue, and Redis is not up")
  func empty() {
    #expect(!text.contains("whispercache_queue_jobs{"))
    #expect(text.contains("whispercache_redis_up 0\n"))
  }

  @Test("a reading is shown in full")
  func shown() throws {
    try read()
    for line in [
      #"queue_jobs{queue="proof",state="ready"} 12"#, #"queue_jobs{queue="proof",state="dead"} 5"#,
      #"queue_oldest_age_seconds{queue="proof"} 1.5"#, #"queue_paused{queue="proof"} 1"#,
      #"queue_workers{queue="proof"} 1"#, #"workers{state="running"} 1"#, #"workers{state="lost"} 0"#, "redis_up 1",
    ] {
      #expect(text.contains("whispercache_\(line)\n"), "\(line)")
    }
  }

  @Test("a reading older than 15 s is left out, so that an autoscaler sees no data rather than stale data")
  func stale() throws {
    try read()
    clock.advance(15)
    #expect(text.contains("whispercache_queue_jobs{"))
    clock.advance(1)
    #expect(!text.contains("whispercache_queue_jobs{") && !text.contains("whispercache_queue_workers{"))
    #expect(text.contains("whispercache_queue_stats_age_seconds 16\n"))
  }

  @Test("the last backup is shown once one is known")
  func backup() throws {
    let name = "whispercache_backup_last_success_timestamp_seconds"
    try read()
    #expect(!text.contains("\n\(name) "))
    gauges.update(.init(queues: [], workers: WorkerCensus([]), backupMs: 1_790_000_000_500, readAt: clock.now))
    #expect(text.contains("\n\(name) 1790000000.5\n"))
  }

  @Test("a lost Redis is told at once, and the last numbers stay until they are stale")
  func down() throws {
    try read()
    gauges.redisIsDown()
    #expect(text.contains("whispercache_redis_up 0\n") && text.contains("whispercache_queue_jobs{"))
    try read()
    #expect(text.contains("whispercache_redis_up 1\n"))
  }
}
