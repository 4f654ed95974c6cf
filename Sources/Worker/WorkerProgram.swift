import Glibc
import Jobs
import Memories
import RedisWire
import Sealing
import Service
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
  }

  /// `--check`: tries Redis and ends.
  func check() async -> ProgramEnd {
    commands.start()
    return await ProgramEnd(checking: { () async throws(JobError) in try await store.checkServer() })
  }

  /// Works until a signal has ended it in order.
  func run() async -> ProgramEnd {
    for notice in details.notices { log.notice(notice) }
    metrics.watchLoop(log)
    let bellReports = ConnectionReports(client: "bell", log: log, reconnects: metrics.redisReconnects)
    let bell = Self.client(configuration, "wc-bell-\(workerID)", .blocking, bellReports)
    let crew: WorkerCrew
    do throws(MemoryError) {
      crew = try WorkerCrew(configuration, id: workerID, store: store, bell: bell, metrics: metrics, log: log)
    } catch {
      return ProgramEnd(.configuration, errors: "worker: \(error)\n")
    }
    reports.onLoss = { crew.gauges.redisIsDown() }
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
    log.info("working", [.int("slots", configuration.slots), .string("queues", "\(crew.queueNames)")])
    let code = await shutdown.end()
    withExtendedLifetime(signals) {}
    await probes.close()
    log.info("ended", [.string("code", "\(code.rawValue)")])
    return ProgramEnd(code)
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
    var options = RedisOptions(url: configuration.store.redis, clientName: name)
    options.purpose = purpose
    return RedisClient(options) { reports.changed($0) }
  }
}
