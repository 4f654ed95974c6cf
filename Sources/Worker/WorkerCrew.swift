import Jobs
import Memories
import RedisWire
import Sealing
import Service
import Tracing
import Transport

/// Everything that works while the worker runs: slots, claims, leases, beats, maintenance, samples.
@EventLoop
final class WorkerCrew {
  let processor: Processor
  let gauges: QueueGauges
  private let leases: LeaseKeeper
  private let heartbeat: Heartbeat
  private let sampler: QueueSampler
  private let store: JobStore
  private let jobMetrics: JobMetrics
  private let busy: Gauge
  private let log: Logger
  private let limiter = LogLimiter(interval: .seconds(5))
  private var listener: RingListener?
  private var maintenance: Task<Void, Never>?
  /// Called whenever the processor's state may have changed.
  var onChange: (@EventLoop () -> Void)?

  init(
    _ configuration: WorkerConfiguration, id: String, store: JobStore, bell: RedisClient, pool: SlotPool, keys: KeyRoom,
    metrics: ProgramMetrics, log: Logger, spans: SpanExporter?
  ) throws(MemoryError) {
    self.store = store
    self.log = log
    let settings = configuration.store
    let order = settings.order
    jobMetrics = JobMetrics(on: metrics.registry, queues: order.queues, kinds: settings.kinds)
    gauges = QueueGauges(on: metrics.registry)
    let telemetry = WorkerTelemetry(metrics: jobMetrics, log: log, spans: spans.map { RunSpans($0) })
    let runner = JobRunner(
      reader: JobRequestReader(kinds: settings.kinds, maxPayloadBytes: settings.maxPayloadBytes),
      handlers: HandlerTable.handlers(
        for: configuration, memories: try Self.memories(configuration, store),
        proving: try Self.proving(keys, pool, metrics), metrics: metrics.registry),
      seal: configuration.keys.seal)
    processor = Processor(
      settings: .init(
        worker: id, timeoutMs: configuration.timeoutMs,
        rules: SettlementRules(retry: configuration.retry, maxAttempts: settings.maxAttempts)),
      order: order, store: store, pool: pool, runner: runner, telemetry: telemetry)
    leases = LeaseKeeper(processor: processor, store: store, telemetry: telemetry)
    let registry = WorkerRegistry(client: store.client, keys: store.keys)
    heartbeat = Heartbeat(registry: registry, processor: processor, slots: configuration.slots) {
      telemetry.storeFailed($0)
    }
    sampler = QueueSampler(store: store, registry: registry, gauges: gauges, queues: order.queues)
    metrics.registry.gauge("worker_slots", help: "Jobs that this worker can run at once.")
      .set(Double(configuration.slots))
    busy = metrics.registry.gauge("worker_slots_busy", help: "Slots that run a job.")
    listener = RingListener(
      client: bell, queues: order.queues.map { store.keys.queue($0) },
      onRing: { [weak self] in self?.processor.jobsMayWait(in: $0) },
      onFailure: { telemetry.storeFailed(JobError($0)) })
    processor.onChange = { [weak self] in self?.changed() }
  }

  /// The private memories; nil without ENCRYPTION_KEY.
  private static func memories(
    _ configuration: WorkerConfiguration, _ store: JobStore
  ) throws(MemoryError) -> MemoryStore? {
    guard let key = configuration.keys.encryptionKey else { return nil }
    let ring = try MemoryKeyRing(
      encryptionKey: key, previous: [configuration.keys.previousEncryptionKey].compactMap { $0 })
    return MemoryStore(client: store.client, keys: store.keys, ring: ring, recentRootsMs: configuration.recentRootsMs)
  }

  private static func proving(
    _ keys: KeyRoom, _ pool: SlotPool, _ metrics: ProgramMetrics
  ) throws(MemoryError) -> ProvingParts {
    do {
      return try ProvingParts(keys: keys, load: pool.load, metrics: metrics.registry)
    } catch {
      throw .sealing(code: error.code)
    }
  }

  var queueNames: String { processor.queues.map(\.text).joined(separator: ",") }

  /// Begins.
  func start() {
    leases.start()
    heartbeat.start()
    sampler.start()
    maintenance = EventLoop.spawn { await self.maintain() }
    processor.jobsMayWait(in: nil)
  }

  /// Claims nothing any more and goes on living.
  func quiet() {
    processor.quiet()
    heartbeat.beat()
  }

  /// Claims nothing any more and comes to an end.
  func drain() {
    processor.drain()
    heartbeat.beat()
  }

  /// The last thing: takes the worker out of the registry.
  func leave() async {
    maintenance?.cancel()
    await heartbeat.leave()
  }

  private func changed() {
    busy.set(Double(processor.busySlots))
    if processor.isIdle { listener?.wait() }
    onChange?()
  }

  private func maintain() async {
    await Maintenance(store).run(
      queues: { self.processor.queues }, sleep: { try await EventLoop.sleep(for: $0) }, report: { self.report($0) })
  }

  private func report(_ event: Maintenance.Event) {
    switch event {
    case .done(let queue, let reply):
      jobMetrics.leasesExpired.increment(by: reply.lost)
      jobMetrics.dead[queue.text, MetricFamily<Counter>.other, DeathReason.poison.rawValue].increment(
        by: reply.poisoned)
      if reply.lost > 0 {
        log.warning(
          "leases expired",
          [.queue(queue.text), .int("recovered", reply.recovered), .int("poisoned", reply.poisoned)])
      }
    case .failed(let queue, let error):
      let fields = [.error(error)] + (queue.map { [LogField.queue($0.text)] } ?? [])
      log.log(.warning, limitedBy: limiter, key: "maintenance", "maintenance failed, trying again", fields)
    case .pressure(let queue, let fill, let trimmed):
      log.warning(
        "redis is nearly full, old results went early",
        [.queue(queue.text), .double("fill", fill), .int("trimmed", trimmed)])
    }
  }
}
