import HTTPWire
import JSONWire
import Jobs
import RedisWire
import Service
import Tracing
import Transport

/// The producer as a service: everything but signals and the end of the process.
@EventLoop
final class ProducerService {
  let configuration: ProducerConfiguration
  let metrics: ProgramMetrics
  let watch: JobWatch
  private(set) var isEnding = false
  /// What the API's port serves, once it listens.
  private(set) var routes: [Route] = []
  /// The port of the API, once it listens.
  private(set) var port = 0
  /// The port of metrics and probes, once it listens; 0 without one.
  private(set) var metricsPort = 0

  private let log: Logger
  private let client: RedisClient
  private let store: JobStore
  private let health: RedisHealth
  private let gauges: QueueGauges
  private let sampler: QueueSampler
  private let jobMetrics: JobMetrics
  private let timing: StoreTiming
  /// nil where no spans are made.
  private let spans: RequestSpans?
  private var bulk: BulkRoute?
  private var hub: EventHub?
  private var server: HTTPServer?
  private var metricsServer: HTTPServer?
  private var maintenance: Task<Void, Never>?
  private var scheduling: Task<Void, Never>?
  private var deadTasks: Task<Void, Never>?

  /// Builds the parts; nothing happens before `start`.
  init(_ configuration: ProducerConfiguration, environment: [String: String], log: Logger) {
    self.configuration = configuration
    self.log = log
    let settings = configuration.store
    metrics = ProgramMetrics(environment: environment)
    jobMetrics = JobMetrics(on: metrics.registry, queues: settings.order.queues, kinds: settings.kinds)
    gauges = QueueGauges(on: metrics.registry)
    timing = StoreTiming(metrics.redisOperations)
    spans = configuration.tracing.receiver.map { [metrics] in
      RequestSpans($0, metrics: metrics.registry, log: log)
    }
    let reports = ConnectionReports(client: "wc-producer", log: log, reconnects: metrics.redisReconnects)
    client = RedisClient(Self.options(settings, "wc-producer")) { reports.changed($0) }
    store = JobStore(
      client, keys: settings.keys, retention: settings.retention, maxDepth: configuration.maxQueueDepth)
    watch = JobWatch(store: store, options: Self.options(settings, "wc-producer-events"))
    let health = RedisHealth(store: store, timing: timing, log: log)
    self.health = health
    reports.onReconnect = { health.reconnected() }
    reports.onLoss = { [gauges] in gauges.redisIsDown() }
    sampler = QueueSampler(
      store: store, registry: WorkerRegistry(client: client, keys: settings.keys), gauges: gauges,
      queues: settings.order.queues)
  }

  /// Tries Redis and tells what is to be said about it.
  func check() async throws(JobError) -> [ServerFinding] {
    client.start()
    return try await store.checkServer()
  }

  /// Connects and listens. Redis may be away: calls answer 503 until it is there.
  ///
  /// - Throws: when an address cannot be listened on.
  func start() throws(TransportError) {
    client.start()
    watch.start()
    health.start()
    sampler.start()
    maintenance = EventLoop.spawn { await self.maintain() }
    let routes = ProducerRoutes(
      configuration: configuration, store: store, watch: watch, metrics: metrics, jobMetrics: jobMetrics,
      timing: timing, spans: spans, log: log, checks: { self.checks }, isEnding: { self.isEnding })
    bulk = routes.bulk
    hub = routes.hub
    let scheduler = routes.scheduler
    let runner = routes.deadTasks
    deadTasks = EventLoop.spawn { await runner.run() }
    scheduling = EventLoop.spawn { await scheduler.run() }
    self.routes = routes.api.routes
    let server = HTTPServer(router: routes.api, options: routes.options)
    self.server = server
    port = try listen(server, configuration.port, "api")
    guard let wanted = configuration.metricsPort else { return }
    var options = HTTPServerOptions()
    options.maxConnections = 256
    let metricsServer = HTTPServer(router: routes.probes, options: options)
    self.metricsServer = metricsServer
    metricsPort = try listen(metricsServer, wanted, "metrics")
  }

  /// Takes no more work, ends long polls with the state of the moment and bulks after what was read, lets requests finish for `limit`, disconnects.
  func stop(within limit: Duration) async {
    isEnding = true
    let began = MonotonicClock.nowNanoseconds()
    scheduling?.cancel()
    // An operation is handed back, so that another producer goes on at once.
    deadTasks?.cancel()
    await deadTasks?.value
    watch.endWaits()
    bulk?.endAll()
    hub?.end()
    await server?.shutdown(within: limit)
    maintenance?.cancel()
    let left = limit - MonotonicClock.elapsed(since: began)
    await spans?.close(within: min(.seconds(5), max(.milliseconds(500), left)))
    health.stop()
    await metricsServer?.shutdown(within: .milliseconds(200))
    await watch.close()
    await client.shutdown()
  }

  /// What says whether the service can do its work.
  var checks: [ReadinessCheck] {
    health.checks + [
      ReadinessCheck("serving", isPassing: !isEnding, detail: isEnding ? "shutting down" : "takes requests")
    ]
  }

  private func listen(_ server: HTTPServer, _ port: Int, _ what: String) throws(TransportError) -> Int {
    let bound = try server.listen(on: .tcp(host: configuration.bindAddress, port: port))
    log.info(
      "listening", [.string("serves", what), .string("address", configuration.bindAddress), .int("port", bound)])
    return bound
  }

  private func maintain() async {
    let limiter = LogLimiter(interval: .seconds(10))
    await Maintenance(store).run(
      queues: { await self.knownQueues() }, sleep: { try await EventLoop.sleep(for: $0) },
      report: { event in
        switch event {
        case .done(let queue, let reply):
          jobMetrics.leasesExpired.increment(by: reply.recovered + reply.poisoned)
          if reply.poisoned > 0 {
            jobMetrics.dead[queue.text, "other", DeathReason.poison.rawValue].increment(by: reply.poisoned)
          }
        case .failed(_, let error):
          log.log(.debug, limitedBy: limiter, key: error.code, "maintenance failed, trying again", [.error(error)])
        case .pressure(let queue, let fill, let trimmed):
          log.log(
            .warning, limitedBy: limiter, key: "pressure", "redis is nearly full; results went early",
            [.queue(queue.text), .double("fill", fill), .int("trimmed", trimmed)])
        }
      })
  }

  private func knownQueues() async -> [QueueName] {
    let configured = configuration.store.order.queues
    do throws(JobError) {
      let known = try await store.queues()
      return known + configured.filter { !known.contains($0) }
    } catch {
      return configured
    }
  }

  /// Short times: a caller learns within 2 s that Redis is away, also when a call is sent twice.
  private static func options(_ settings: StoreSettings, _ name: String) -> RedisOptions {
    var options = settings.connection(named: name)
    options.commandTimeout = .milliseconds(900)
    options.connectTimeout = .milliseconds(900)
    options.idlePing = .seconds(1)
    options.failFast = true
    options.reconnect = ReconnectPolicy(base: .milliseconds(50), cap: .seconds(1))
    return options
  }
}
