import Service
public import Transport

/// Reads the queues' numbers every few seconds, so that scrapes and autoscalers find them without waiting for Redis.
@EventLoop
public final class QueueSampler {
  private static let interval = Duration.seconds(5)

  private let store: JobStore
  private let registry: WorkerRegistry
  private let gauges: QueueGauges
  private let queues: [QueueName]
  private lazy var timer = LoopTimer { [weak self] in self?.tick() }
  private var isReading = false

  /// A sampler over `queues` and all others that have ever had a job.
  public init(store: JobStore, registry: WorkerRegistry, gauges: QueueGauges, queues: [QueueName]) {
    self.store = store
    self.registry = registry
    self.gauges = gauges
    self.queues = queues
  }

  /// Reads now and then every five seconds.
  public func start() { tick() }

  private func tick() {
    timer.schedule(after: Self.interval)
    guard !isReading else { return }
    isReading = true
    EventLoop.spawn { await self.read() }
  }

  private func read() async {
    defer { isReading = false }
    do throws(JobError) {
      var all = queues
      for queue in try await store.queues() where !all.contains(queue) { all.append(queue) }
      let counted = zip(all, try await store.stats(all)).map { (name: $0, stats: $1) }
      let workers = try await registry.census()
      let backup = try await store.lastBackupMs()
      gauges.update(
        .init(queues: counted, workers: workers, backupMs: backup, readAt: MonotonicClock.nowNanoseconds()))
    } catch {
      gauges.redisIsDown()
    }
  }
}
