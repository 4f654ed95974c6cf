import Transport

/// One timer for many deadlines: it stands at the earliest one, and whoever owns the waits looks through them when it fires.
///
/// Most waits end long before their deadline, and all of a client are about equally long. So a timer for each would be
/// armed and cancelled for nothing, while this one fires about once in the length of a wait.
@EventLoop
final class DeadlineTimer {
  private var earliest = Int64.max
  private let sweep: @EventLoop (_ now: Int64) -> Void
  private lazy var timer = LoopTimer { [weak self] in self?.fire() }

  init(sweep: @escaping @EventLoop (_ now: Int64) -> Void) {
    self.sweep = sweep
  }

  /// Sees to it that a sweep takes place at `deadline`, in monotonic nanoseconds, or before; `.max` is never.
  func add(_ deadline: Int64) {
    guard deadline < earliest else { return }
    earliest = deadline
    timer.schedule(after: .nanoseconds(max(0, deadline - EventLoop.now)))
  }

  private func fire() {
    // The owner adds again what it still waits for.
    earliest = .max
    sweep(EventLoop.now)
  }

  /// The monotonic nanosecond that is `wait` from now.
  static func deadline(in wait: Duration) -> Int64 {
    let (seconds, attoseconds) = wait.components
    let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !isTooLong else { return seconds < 0 ? EventLoop.now : .max }
    let (length, isTooLongToo) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    let (sum, isTooLate) = EventLoop.now.addingReportingOverflow(max(0, length))
    return isTooLongToo || isTooLate ? .max : sum
  }
}
