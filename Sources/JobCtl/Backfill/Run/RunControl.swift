import Glibc
import Service
import Transport

/// Whether a backfill goes on, and how its parts wait without missing its end.
@EventLoop
final class RunControl {
  /// Why it ends before all is done.
  enum Stop: Equatable {
    /// A signal asked for it.
    case interrupted
    /// It cannot go on.
    case failed(ExitCode, String)
  }

  /// Raised whenever something has changed that somebody may wait for.
  let changed = WakeSignal()
  private(set) var stop: Stop?

  /// Whether no new work is to begin.
  var isEnding: Bool { stop != nil }

  /// Ends at SIGINT and SIGTERM after what is under way, and at once when the end has begun already. They must be blocked.
  func heedSignals() throws(TransportError) {
    _ = try SignalSource([SIGINT, SIGTERM]) { _ in
      if self.isEnding {
        ProgramEnd(.interrupted, errors: "\njobctl: stopped at once\n").perform()
      }
      self.end(.interrupted)
    }
  }

  /// Begins the end; the first reason stays.
  func end(_ reason: Stop) {
    if stop == nil { stop = reason }
    changed.raise()
  }

  /// Waits until `time` of the monotonic clock; returns early when the end has begun.
  func pause(until time: Int64) async {
    while !isEnding {
      let now = MonotonicClock.nowNanoseconds()
      guard time > now else { return }
      let seen = changed.generation
      let timer = EventLoop.after(.nanoseconds(time - now)) { self.changed.raise() }
      await changed.wait(after: seen)
      timer.cancel()
    }
  }

  /// Waits until something has changed and `condition` holds; returns early when the end has begun.
  func wait(until condition: () -> Bool) async {
    while !isEnding {
      let seen = changed.generation
      if condition() { return }
      await changed.wait(after: seen)
    }
  }
}
