import Jobs
import RedisWire
import Service
import TestSupport
import Testing
import Transport

@testable import Worker

/// A worker's working part in this process, over a real Redis: slots, claims, settlements, leases.
@EventLoop
final class WorkerFixture {
  /// Whether a lease's keeper runs; without it leases run out like those of a dead worker.
  struct Options: Sendable {
    var slots = 2
    var leaseMs: Int64 = 15_000
    var timeoutMs: Int64 = 60_000
    var extendsLeases = true
    var rules = SettlementRules(retry: RetryPolicy(baseMs: 1, maxMs: 1))
    var seal: PayloadSeal?
    var handlers: [String: any JobHandler] = [:]
    /// Where the worker connects, when not straight to the server: a fault proxy.
    var url: String?
  }

  let server: RedisServer
  let store: JobStore
  let processor: Processor
  let registry = MetricsRegistry()
  private let client: RedisClient
  private let bell: RedisClient
  private var listener: RingListener?
  private var leases: LeaseKeeper?
  private var minter = JobIDMinter()

  /// Started and claiming.
  init(_ server: RedisServer, _ options: Options = Options()) throws {
    self.server = server
    let url = try RedisURL(options.url ?? server.url)
    var redis = RedisOptions(url: url)
    redis.commandTimeout = .seconds(2)
    client = RedisClient(redis)
    redis.purpose = .blocking
    bell = RedisClient(redis)
    let kinds = Kinds(testKinds: true)
    store = JobStore(client, leaseMs: options.leaseMs)
    var handlers: [KindName: any JobHandler] = [:]
    for (name, handler) in options.handlers {
      guard let kind = KindName(name) else { throw SupportError("\(name) is no kind") }
      handlers[kind] = handler
    }
    let order = try QueueOrder(parsing: "test")
    let telemetry = WorkerTelemetry(
      metrics: JobMetrics(on: registry, queues: order.queues, kinds: kinds), log: .silent)
    processor = Processor(
      settings: .init(worker: "worker-under-test", timeoutMs: options.timeoutMs, rules: options.rules), order: order,
      store: store, pool: SlotPool(slots: options.slots),
      runner: JobRunner(reader: JobRequestReader(kinds: kinds), handlers: handlers, seal: options.seal),
      telemetry: telemetry)
    let keys = order.queues.map { store.keys.queue($0) }
    listener = RingListener(
      client: bell, queues: keys, onRing: { [weak processor] in processor?.jobsMayWait(in: $0) }, onFailure: { _ in })
    processor.onChange = { [weak self] in
      guard let self, self.processor.isIdle else { return }
      self.listener?.wait()
    }
    client.start()
    bell.start()
    if options.extendsLeases {
      let keeper = LeaseKeeper(processor: processor, store: store, telemetry: telemetry)
      leases = keeper
      keeper.start()
    }
    processor.jobsMayWait(in: nil)
  }

  /// Puts a job in and answers its id.
  func enqueue(
    _ kind: String, _ payload: String = "{}", options: JobOptions = JobOptions(), sealedBy seal: PayloadSeal? = nil
  ) async throws -> JobID {
    guard let queue = QueueName("test"), let kind = KindName(kind) else { throw SupportError("no kind \(kind)") }
    let id = minter.mint(queue)
    var content = Array(payload.utf8)
    if let seal { content = try seal.seal(content, .payload, id: id, kind: kind) }
    let job = NewJob(id: id, kind: kind, payload: content, isSealed: seal != nil, options: options)
    #expect(try await store.enqueue(job) == .created)
    return id
  }

  /// Waits until the job's record passes `condition`, and returns it.
  func record(
    of id: JobID, _ description: String, where condition: (JobRecord) -> Bool
  ) async throws -> JobRecord {
    try await eventually(description) {
      guard let record = try await self.store.read(id), condition(record) else { return nil }
      return record
    } as JobRecord
  }

  func ended(_ id: JobID) async throws -> JobRecord {
    try await record(of: id, "\(id) ends") { $0.state?.isTerminal == true }
  }

  /// Stops claiming and gives the connections back.
  func stop() async {
    processor.drain()
    await client.shutdown()
    await bell.shutdown()
  }
}
