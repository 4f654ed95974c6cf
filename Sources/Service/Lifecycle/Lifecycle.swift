import Glibc

/// How a service ends: the states, and what each event means in each of them. Pure; the caller carries out the actions.
public struct Lifecycle: Sendable {
  /// Where the service stands.
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Takes and does work. Next: `quiet`, `draining`.
    case running
    /// Takes no new work, finishes what it has, stays alive. Next: `draining`.
    case quiet
    /// Takes no new work and ends when the last work ends. Next: `stopping`, `stopped`.
    case draining
    /// Gives unfinished work back and ends. Next: `stopped`.
    case stopping
    /// Ended. Next: none.
    case stopped
  }

  /// What can happen to it.
  public enum Event: Sendable, Hashable, CaseIterable {
    /// SIGTSTP, or an operator's request to be quiet.
    case quiet
    /// SIGTERM or SIGINT.
    case stop
    /// The last work has ended.
    case drained
    /// SHUTDOWN_TIMEOUT has passed since draining began.
    case deadline
    /// Unfinished work has been given back.
    case released

    /// The event of a signal; nil when the signal does not concern the lifecycle.
    public init?(signal: Int32) {
      switch signal {
      case SIGTSTP: self = .quiet
      case SIGTERM, SIGINT: self = .stop
      default: return nil
      }
    }
  }

  /// What the caller must do now.
  public enum Action: Sendable, Hashable {
    /// Nothing.
    case none
    /// Take no more work; stay.
    case becomeQuiet
    /// Report not ready, take no more work, start the shutdown deadline, report `drained` when nothing runs.
    case drain
    /// Give unfinished work back, uncharged, and report `released`.
    case release
    /// End the process with this code.
    case exit(ExitCode)
  }

  /// Where the service stands.
  public private(set) var state = State.running
  private var isInterrupted = false

  /// A running service.
  public init() {}

  /// Whether new work may be taken.
  public var acceptsWork: Bool { state == .running }
  /// Whether the end has begun; `/readyz` answers 503 from here on.
  public var isEnding: Bool { state != .running && state != .quiet }

  /// Takes an event; an event that means nothing in this state has the action `none`.
  public mutating func handle(_ event: Event) -> Action {
    switch (state, event) {
    case (.running, .quiet):
      state = .quiet
      return .becomeQuiet
    case (.running, .stop), (.quiet, .stop):
      state = .draining
      return .drain
    case (.draining, .stop):
      state = .stopping
      isInterrupted = true
      return .release
    case (.draining, .deadline):
      state = .stopping
      return .release
    case (.draining, .drained), (.stopping, .released), (.stopping, .drained):
      state = .stopped
      return .exit(isInterrupted ? .interrupted : .success)
    case (.stopping, .stop):
      // Whoever asks a third time wants the end, not order; leases bring the work back.
      state = .stopped
      return .exit(.interrupted)
    case (.running, .drained), (.running, .deadline), (.running, .released), (.quiet, .quiet), (.quiet, .drained),
      (.quiet, .deadline), (.quiet, .released), (.draining, .quiet), (.draining, .released), (.stopping, .quiet),
      (.stopping, .deadline), (.stopped, _):
      return .none
    }
  }
}
