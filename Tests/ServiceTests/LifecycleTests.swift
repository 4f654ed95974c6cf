import Glibc
import Service
import Testing

@Suite("Lifecycle")
struct LifecycleTests {
  /// The events that lead from a new lifecycle into each state.
  private static let paths: [(state: Lifecycle.State, events: [Lifecycle.Event])] = [
    (.running, []), (.quiet, [.quiet]), (.draining, [.stop]), (.stopping, [.stop, .deadline]),
    (.stopped, [.stop, .drained]),
  ]

  /// Every state with every event: the action and the next state.
  private static func expected(
    _ state: Lifecycle.State, _ event: Lifecycle.Event
  ) -> (Lifecycle.Action, Lifecycle.State) {
    switch (state, event) {
    case (.running, .quiet): (.becomeQuiet, .quiet)
    case (.running, .stop), (.quiet, .stop): (.drain, .draining)
    case (.draining, .stop), (.draining, .deadline): (.release, .stopping)
    case (.draining, .drained), (.stopping, .drained), (.stopping, .released): (.exit(.success), .stopped)
    case (.stopping, .stop): (.exit(.interrupted), .stopped)
    default: (.none, state)
    }
  }

  @Test("every state takes every event as the table says")
  func table() {
    for path in LifecycleTests.paths {
      for event in Lifecycle.Event.allCases {
        var lifecycle = Lifecycle()
        for step in path.events { _ = lifecycle.handle(step) }
        #expect(lifecycle.state == path.state)
        let (action, next) = LifecycleTests.expected(path.state, event)
        #expect(lifecycle.handle(event) == action, "\(path.state), \(event)")
        #expect(lifecycle.state == next, "\(path.state), \(event)")
      }
    }
    #expect(LifecycleTests.paths.map(\.state) == Lifecycle.State.allCases)
  }

  @Test("a second signal releases what runs and ends with 130")
  func secondSignal() {
    var lifecycle = Lifecycle()
    #expect(lifecycle.handle(.stop) == .drain)
    #expect(lifecycle.handle(.stop) == .release)
    #expect(lifecycle.handle(.released) == .exit(.interrupted))
    #expect(lifecycle.handle(.stop) == .none)
  }

  @Test("only a running service accepts work, and it is ending from the first stop on")
  func readiness() {
    for path in LifecycleTests.paths {
      var lifecycle = Lifecycle()
      for step in path.events { _ = lifecycle.handle(step) }
      #expect(lifecycle.acceptsWork == (path.state == .running))
      #expect(lifecycle.isEnding == [.draining, .stopping, .stopped].contains(path.state))
    }
  }

  @Test("signals are events")
  func signals() {
    #expect(Lifecycle.Event(signal: SIGTERM) == .stop)
    #expect(Lifecycle.Event(signal: SIGINT) == .stop)
    #expect(Lifecycle.Event(signal: SIGTSTP) == .quiet)
    #expect(Lifecycle.Event(signal: SIGHUP) == nil)
  }

  @Test("exit codes keep their numbers")
  func exitCodes() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 69, 75, 78, 130])
  }

  @Test("the clocks go: one counts from 1970, the other only forward")
  func clocks() {
    #expect(WallClock.nowMs() > 1_700_000_000_000)
    let start = MonotonicClock.nowNanoseconds()
    #expect(MonotonicClock.elapsed(since: start) >= .zero)
    #expect(Duration.microseconds(1_234_567).milliseconds == 1234.567)
    #expect(Duration.milliseconds(-1500).seconds == -1.5)
  }
}
