/// A one-shot timer on the loop; arm it again as often as needed.
@EventLoop
public final class LoopTimer {
  private let body: @EventLoop () -> Void
  fileprivate var deadline: Int64 = 0
  /// Where the timer stands in the heap; -1 while it is not armed.
  fileprivate var position = -1

  /// A timer that is not armed yet.
  public init(_ body: @escaping @EventLoop () -> Void) { self.body = body }

  /// Whether the timer will still fire.
  public var isArmed: Bool { position >= 0 }

  /// Arms the timer, or moves an armed one. The delay counts from this call, however long the tick has lasted.
  public func schedule(after delay: Duration) {
    cancel()
    let (sum, overflow) = monotonicNanoseconds().addingReportingOverflow(delay.clampedNanoseconds)
    deadline = overflow ? .max : sum
    LoopCore.shared.timers.insert(self)
  }

  /// Disarms the timer; no effect when it has fired already.
  public func cancel() {
    if position >= 0 { LoopCore.shared.timers.remove(self) }
  }

  func fire() { body() }
}

/// Armed timers by deadline: a binary heap in which each timer knows its place, so that cancelling is O(log n).
@EventLoop
struct TimerHeap {
  private var timers: [LoopTimer] = []

  nonisolated init() {}

  var nextDeadline: Int64? { timers.first?.deadline }

  mutating func popDue(_ now: Int64) -> LoopTimer? {
    guard let first = timers.first, first.deadline <= now else { return nil }
    remove(first)
    return first
  }

  mutating func insert(_ timer: LoopTimer) {
    timer.position = timers.count
    timers.append(timer)
    rise(timer.position)
  }

  mutating func remove(_ timer: LoopTimer) {
    let hole = timer.position
    timer.position = -1
    guard let last = timers.popLast(), last !== timer else { return }
    timers[hole] = last
    last.position = hole
    rise(hole)
    sink(last.position)
  }

  private mutating func rise(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      if timers[parent].deadline <= timers[child].deadline { return }
      exchange(parent, child)
      child = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < timers.count && timers[child].deadline < timers[least].deadline {
        least = child
      }
      if least == parent { return }
      exchange(parent, least)
      parent = least
    }
  }

  private mutating func exchange(_ a: Int, _ b: Int) {
    timers.swapAt(a, b)
    timers[a].position = a
    timers[b].position = b
  }
}

extension Duration {
  /// Nanoseconds, negative ones as 0, too large ones as the largest.
  var clampedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    if seconds < 0 { return 0 }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, over) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || over ? .max : max(0, sum)
  }
}
