import Glibc
import Service
import Transport

/// Carries a signal to its end: drain, then hand back what is unfinished, then leave.
@EventLoop
final class ShutdownSequence {
  private let crew: WorkerCrew
  private let timeout: Duration
  private let log: Logger
  private var lifecycle = Lifecycle()
  private var ended: ExitCode?
  private var waiter: CheckedContinuation<ExitCode, Never>?
  private var deadline: LoopTimer?
  /// When the time of the drain is over, in loop nanoseconds; nil before it began and when it was cut short.
  private var drainEnds: Int64?

  init(_ crew: WorkerCrew, timeout: Duration, log: Logger) {
    self.crew = crew
    self.timeout = timeout
    self.log = log
    crew.onChange = { [weak self] in self?.workChanged() }
  }

  /// Waits for the end and leaves the registry.
  func end() async -> ExitCode {
    let code = await withCheckedContinuation { continuation in
      if let ended { return continuation.resume(returning: ended) }
      waiter = continuation
    }
    await crew.leave()
    return code
  }

  /// How long spans may still be sent: what is left of the drain's time, 5 s at most; half a second when it is over.
  var timeForSpans: Duration {
    let left = drainEnds.map { Duration.nanoseconds($0 - EventLoop.now) } ?? .zero
    return min(.seconds(5), max(.milliseconds(500), left))
  }

  /// A signal arrived.
  func received(signal: Int32) {
    guard let event = Lifecycle.Event(signal: signal) else { return }
    log.notice("signal received", [.int("signal", Int(signal)), .string("state", lifecycle.state.rawValue)])
    handle(event)
  }

  private func handle(_ event: Lifecycle.Event) {
    switch lifecycle.handle(event) {
    case .none: break
    case .becomeQuiet: crew.quiet()
    case .drain:
      deadline = EventLoop.after(timeout) { self.handle(.deadline) }
      // At most an hour, by the setting's range.
      drainEnds = EventLoop.now + timeout.wholeMilliseconds * 1_000_000
      crew.drain()
    case .release:
      drainEnds = nil
      log.notice("handing unfinished jobs back", [.int("jobs", crew.processor.busySlots)])
      crew.processor.releaseAll()
      // Redis may be away; the leases bring the jobs back then.
      deadline = EventLoop.after(.seconds(3)) { self.handle(.released) }
    case .exit(let code):
      ended = code
      waiter?.resume(returning: code)
      waiter = nil
    }
  }

  private func workChanged() {
    switch lifecycle.state {
    case .draining where crew.processor.isDone: handle(.drained)
    case .stopping where crew.processor.isSettled: handle(.released)
    default: break
    }
  }
}
