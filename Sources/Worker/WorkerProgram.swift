import Glibc
import Jobs
import Memories
import RedisWire
import Sealing
import Service
import Tracing
import Transport

/// The worker as a whole: builds its parts, runs until a signal ends it, and says how it ended.
@EventLoop
final class WorkerProgram {
  nonisolated static let signals = [SIGTERM, SIGINT, SIGTSTP]

  private let configuration: WorkerConfiguration
  private let details: Launch<WorkerConfiguration>.Details
  private let workerID: String
  private let log: Logger
  private let metrics: ProgramMetrics
  private let reports: ConnectionReports
  private let commands: RedisClient
  private let store: JobStore
  private let pool: SlotPool
  private let circuits: CircuitPublisher
  /// nil where no spans are made.
  private let spans: SpanExporter?

  init(_ configuration: WorkerConfiguration, _ details: Launch<WorkerConfiguration>.Details) {
    self.configuration = configuration
    self.details = details
    // Unique to this start: a token is (delivery, worker), and no other life may hold the same one.
    var random = SystemRandomNumberGenerator()
    workerID = "\(Machine.hostName)-\(getpid())-\(String(random.next() as UInt32, radix: 16))"
    log = configuration.log.logger().with(.worker(workerID))
    metrics = ProgramMetrics(environment: details.environment)
    reports = ConnectionReports(client: "commands", log: log, reconnects: metrics.redisReconnects)
    commands = Self.client(configuration, "wc-worker-\(workerID)", .commands, reports)
    store = JobStore(
      commands, keys: configuration.store.keys, retention: configuration.store.retention,
      leaseMs: configuration.leaseMs)
    pool = SlotPool(slots: configuration.slots)
    circuits = CircuitPublisher(store, pool: pool, log: log)
    spans = configuration.tracing.receiver.map { [workerID, metrics, log] in
      SpanExporter(
        $0, service: "whispercache-worker",
        resource: [
          SpanAttribute("service.instance.id", workerID), SpanAttribute("host.name", Machine.hostName),
        ], metrics: metrics.registry, log: log)
    }
  }

  /// `--check`: tries the proving keys, where production rules hold, and Redis, and ends.
  func check() async -> ProgramEnd {
    if let end = await refuseKeys(keyRoom()) { return end }
    commands.start()
    return await ProgramEnd(checking: { () async throws(JobError) in try await store.checkServer() })
  }

  /// Works until a signal has ended it in order.
  func run() async -> ProgramEnd {
    for notice in details.notices { log.notice(notice) }
    metrics.watchLoop(log)
    let bellReports = ConnectionReports(client: "bell", log: log, reconnects: metrics.redisReconnects)
    let bell = Self.client(configuration, "wc-bell-\(workerID)", .blocking, bellReports)
    let keys = keyRoom()
    if let end = await refuseKeys(keys) { return end }
    let crew: WorkerCrew
    do throws(MemoryError) {
      crew = try WorkerCrew(
        configuration, id: workerID, store: store, bell: bell, pool: pool, keys: keys, metrics: metrics, log: log,
        spans: spans)
    } catch {
      return ProgramEnd(.configuration, errors: "worker: \(error)\n")
    }
    reports.onLoss = { crew.gauges.redisIsDown() }
    // Redis may have come back without what it held.
    reports.onReconnect = { [circuits] in circuits.publish() }
    let probes = WorkerProbes(crew: crew, commands: commands, metrics: metrics)
    let shutdown = ShutdownSequence(crew, timeout: configuration.shutdownTimeout, log: log)
    let signals: SignalSource
    do {
      signals = try SignalSource(Self.signals) { shutdown.received(signal: $0) }
      if let port = configuration.metricsPort {
        let bound = try probes.listen(address: configuration.bindAddress, port: port)
        log.info("listening", [.string("address", configuration.bindAddress), .int("port", bound)])
      }
    } catch {
      return ProgramEnd(.unavailable, errors: "worker: \(error)\n")
    }
    commands.start()
    bell.start()
    await reportServer()
    crew.start()
    let publication = EventLoop.spawn { await self.publishCircuits(keys) }
    log.info("working", [.int("slots", configuration.slots), .string("queues", "\(crew.queueNames)")])
    let code = await shutdown.end()
    withExtendedLifetime(signals) {}
    publication.cancel()
    circuits.stop()
    await spans?.close(within: shutdown.timeForSpans)
    await probes.close()
    log.info("ended", [.string("code", "\(code.rawValue)")])
    return ProgramEnd(code)
  }

  private func keyRoom() -> KeyRoom {
    KeyRoom(
      folder: configuration.proofKeysFolder.map { KeyFolder(path: $0) }, isStrict: configuration.deployment.isStrict,
      log: log, onChange: { [circuits] in EventLoop.post { circuits.refresh() } })
  }

  /// Where production rules hold, keys that must not be used end the program before it takes work.
  private func refuseKeys(_ keys: KeyRoom) async -> ProgramEnd? {
    guard configuration.deployment.isStrict else { return nil }
    let problems = await circuits.survey(keys)
    let refused = problems.filter { error in
      if case .notPinned = error { return circuits.count == 0 }
      return true
    }
    guard refused.isEmpty else {
      let lines = refused.map { "config: PROOF_KEYS_DIR: \($0)\n" }
      return ProgramEnd(.configuration, errors: lines.joined())
    }
    for problem in problems { log.warning("a circuit has no key here", [.error(problem)]) }
    return nil
  }

  private func publishCircuits(_ keys: KeyRoom) async {
    if !configuration.deployment.isStrict {
      for problem in await circuits.survey(keys) { log.warning("a circuit has no key here", [.error(problem)]) }
    }
    circuits.publish()
  }

  /// What the server's settings weaken goes to the log once; a server that is away is no reason to stop: it is waited for.
  private func reportServer() async {
    do throws(JobError) {
      for finding in try await store.checkServer() {
        let level: LogLevel =
          switch finding.severity {
          case .notice: .info
          case .warning: .warning
          case .error: .error
          }
        log.log(level, "redis: \(finding)", [.string("finding", finding.code)])
      }
    } catch {
      log.warning("redis does not answer yet; waiting for it", [.error(error)])
    }
  }

  private static func client(
    _ configuration: WorkerConfiguration, _ name: String, _ purpose: RedisOptions.Purpose, _ reports: ConnectionReports
  ) -> RedisClient {
    var options = configuration.store.connection(named: name)
    options.purpose = purpose
    return RedisClient(options) { reports.changed($0) }
  }
}
