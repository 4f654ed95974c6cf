import Glibc
import Jobs
import Service
import Transport

/// The producer as a program: starts the service, and ends it when a signal says so.
@EventLoop
final class ProducerProgram {
  nonisolated static let signals = [SIGTERM, SIGINT]

  private let details: Launch<ProducerConfiguration>.Details
  private let log: Logger
  private let service: ProducerService
  private var lifecycle = Lifecycle()
  private var ending: CheckedContinuation<ExitCode, Never>?
  private var ended: ExitCode?

  init(_ configuration: ProducerConfiguration, _ details: Launch<ProducerConfiguration>.Details) {
    self.details = details
    log = configuration.log.logger()
    service = ProducerService(configuration, environment: details.environment, log: log)
  }

  /// `--check`: tries Redis and ends.
  func check() async -> ProgramEnd {
    await ProgramEnd(checking: { () async throws(JobError) in try await service.check() })
  }

  /// Serves until a signal has ended it.
  func run() async -> ProgramEnd {
    for notice in details.notices { log.notice(notice) }
    service.metrics.watchLoop(log)
    let signals: SignalSource
    do {
      signals = try SignalSource(Self.signals) { [weak self] in self?.received(signal: $0) }
      try service.start()
    } catch {
      return ProgramEnd(.unavailable, errors: "producer: \(error)\n")
    }
    let code = await withCheckedContinuation { continuation in
      if let ended { return continuation.resume(returning: ended) }
      ending = continuation
    }
    withExtendedLifetime(signals) {}
    log.info("ended", [.int("code", Int(code.rawValue))])
    return ProgramEnd(code)
  }

  private func received(signal: Int32) {
    guard let event = Lifecycle.Event(signal: signal) else { return }
    log.notice("signal received", [.int("signal", Int(signal)), .string("state", lifecycle.state.rawValue)])
    handle(event)
  }

  private func handle(_ event: Lifecycle.Event) {
    switch lifecycle.handle(event) {
    case .none, .becomeQuiet: break
    case .drain:
      EventLoop.spawn {
        await self.service.stop(within: self.service.configuration.shutdownTimeout)
        self.handle(.drained)
      }
    case .release:
      // There is nothing to give back: what is accepted lies in Redis.
      handle(.released)
    case .exit(let code):
      ended = code
      ending?.resume(returning: code)
      ending = nil
    }
  }
}
