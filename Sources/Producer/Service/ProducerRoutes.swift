import HTTPWire
import JSONWire
import Jobs
import Sealing
import Service
import Transport

/// Which path does what, on either port.
@EventLoop
struct ProducerRoutes {
  /// What PORT serves.
  let api: Router
  /// What METRICS_PORT serves.
  let probes: Router
  /// The route whose streams have to be ended.
  let bulk: BulkRoute
  /// Who looks on.
  let hub: EventHub
  /// Who runs operations on many dead letters.
  let deadTasks: DeadTaskRunner
  /// Who makes the runs of schedules.
  let scheduler: Scheduler
  /// The options of the API's server.
  let options: HTTPServerOptions

  init(
    configuration: ProducerConfiguration, store: JobStore, watch: JobWatch, metrics: ProgramMetrics,
    jobMetrics: JobMetrics, timing: StoreTiming, spans: RequestSpans?, log: Logger,
    checks: @escaping @EventLoop @Sendable () -> [ReadinessCheck], isEnding: @escaping @EventLoop @Sendable () -> Bool
  ) {
    let settings = configuration.store
    let vault = JobVault(kinds: settings.kinds, seal: configuration.keys.seal)
    let fingerprints = FingerprintSource(store, payloadKey: configuration.keys.payloadKey)
    let maker = JobMaker(vault: vault, fingerprints: fingerprints)
    let reader = JobRequestReader(kinds: settings.kinds, maxPayloadBytes: settings.maxPayloadBytes)
    let waits = WaitTimes()
    var random = RandomReserve()
    let registry = metrics.registry
    let counts = SharedCounts(store, timing: timing, log: log)
    let guesses = GuessGuard(
      configuration.limits, counts: counts,
      blocks: registry.counter(
        "ip_blocked_total", help: "Addresses that were blocked after too many wrong tokens.", unprefixed: true),
      log: log)
    let access = AccessControl(configuration.access, guesses: guesses, metrics: registry)
    let jobs = JobRoutes(
      store: store, watch: watch, vault: vault, access: access, maxAttempts: settings.maxAttempts, waits: waits,
      timing: timing)
    var scrape: (@EventLoop @Sendable () -> [UInt8])?
    if configuration.servesMetrics { scrape = { registry.exposition() } }

    let owners = JobOwners(store: store, timing: timing)
    var api = Router()
    SubmitRoute(
      store: store, reader: reader, maker: maker, jobs: jobs, access: access, owners: owners,
      maxAttempts: settings.maxAttempts, metrics: jobMetrics, timing: timing, spans: spans,
      isEnding: isEnding
    ).add(to: &api)
    bulk = BulkRoute(
      .init(
        store: store, reader: reader, maker: maker, fingerprints: fingerprints, access: access, owners: owners,
        metrics: jobMetrics, timing: timing, spans: spans, log: log, isEnding: isEnding))
    bulk.add(to: &api)
    jobs.add(to: &api)
    JobOperations(store: store, jobs: jobs, timing: timing).add(to: &api)
    let queues = QueueNames(store: store, configured: settings.order.queues, timing: timing)
    ListRoutes(store: store, queues: queues, access: access, maxAttempts: settings.maxAttempts, timing: timing).add(
      to: &api)
    QueueRoutes(store: store, queues: queues, timing: timing).add(to: &api)
    let scan = DeadScan(store: store, queues: queues, timing: timing)
    let actions = DeadActions(store: store, timing: timing)
    deadTasks = DeadTaskRunner(
      store: store, scan: scan, actions: actions, worker: "producer-\(Hex.string(Array(random.bytes(8))))", log: log)
    DeadRoutes(
      store: store, queues: queues, scan: scan, actions: actions, maker: maker, runner: deadTasks, access: access,
      maxAttempts: settings.maxAttempts, timing: timing
    ).add(to: &api)
    hub = EventHub(watch)
    EventRoutes(hub: hub, jobs: jobs, queues: queues, access: access, owners: owners).add(to: &api)
    let workers = WorkerRegistry(client: store.client, keys: store.keys)
    WorkerRoutes(store: store, registry: workers, queues: queues, access: access, timing: timing).add(to: &api)
    SessionRoute(access: access, keys: store.keys).add(to: &api)
    StatsRoute(store: store, queues: queues, timing: timing).add(to: &api)
    let schedules = ScheduleStore(store)
    let templates = ScheduleTemplate(reader: reader, vault: vault)
    let zones = ZoneLibrary()
    let runner = ScheduleRunner(
      store: store, zones: zones, templates: templates, maker: maker, jobMetrics: jobMetrics, metrics: registry)
    ScheduleRoutes(
      schedules: schedules, zones: zones, templates: templates, runner: runner, access: access,
      maxAttempts: settings.maxAttempts, timing: timing
    ).add(to: &api)
    scheduler = Scheduler(schedules, runner: runner, metrics: registry, log: log)
    CircuitRoutes(registry: CircuitRegistry(store), timing: timing).add(to: &api)
    var probes = Router()
    let probeRoutes = ProbeRoutes(checks: checks, metrics: scrape)
    probeRoutes.add(to: &api)
    probeRoutes.add(to: &probes)
    Self.addVersion(to: &api)
    WebFiles.add(to: &api)
    ProblemCatalog().add(to: &api)
    // The guide's routes show what is counted, and are counted themselves: their paths must be known first.
    let telemetry = RequestTelemetry(
      on: registry, templates: api.routes.map { ($0.method, $0.template) } + GuideRoutes.paths.map { (.get, $0) },
      waits: waits, log: log)
    GuideRoutes(telemetry: telemetry, checks: checks, metrics: scrape).add(to: &api)
    self.probes = probes

    let exceeded = registry.counter(
      "rate_limit_exceeded_total", help: "Calls that were refused as their client calls too often.", unprefixed: true)
    if let rate = configuration.limits.calls {
      api = RateLimiter(rate, counts: counts, access: access, exceeded: exceeded).bounding(api)
    }
    self.api = api
    let rules = CrossOrigin(origins: configuration.origins, router: api)
    var options = HTTPServerOptions()
    options.maxConnections = configuration.maxConnections
    if let spans {
      options.context = { spans.begin($0) }
      options.onExchange = {
        telemetry.record($0)
        spans.ended($0)
      }
    } else {
      options.context = { RequestTrace.passedOn($0) }
      options.onExchange = { telemetry.record($0) }
    }
    let proxies = configuration.proxies
    if !proxies.isEmpty { options.peer = { proxies.caller($0.headers, peer: $1) } }
    options.before = { rules.answer($0) ?? access.answer($0) }
    options.adjust = { rules.adjust($0, &$1) }
    options.onError = { telemetry.failed($0, $1) }
    self.options = options
  }

  private static func addVersion(to router: inout Router) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("name", "producer")
      writer.field("version", BuildInfo.version)
      writer.field("swift", BuildInfo.swiftVersion)
    }
    let body = writer.bytes
    router.immediate(.get, "/version") { _ in .json(body) }
  }
}
