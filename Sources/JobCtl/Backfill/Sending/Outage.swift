/// When to try again after failures, and when to give up. One for all connections: what one learns, all heed. Pure; times are
/// nanoseconds of a clock that only goes forward.
struct Outage {
  /// What a failure means for who met it.
  enum Verdict: Equatable {
    /// Send again at this time.
    case again(at: Int64)
    /// Nothing went in for too long, or would.
    case giveUp
  }

  /// The longest wait that is not the server's wish.
  static let longestWait: Int64 = 15_000_000_000
  private static let firstWait: Int64 = 250_000_000

  private let patience: Int64
  private var began: Int64?
  private var lastFailure = Int64.min
  private var failures = 0
  /// No request is to begin before this time.
  private(set) var until: Int64 = 0

  /// - Parameter patience: how long nothing may go in before it gives up.
  init(patience: Duration) { self.patience = patience.nanosecondsClamped }

  /// Whether failures have come since the last success.
  var isOpen: Bool { began != nil }

  /// Something went in.
  mutating func ended() {
    began = nil
    failures = 0
    until = 0
  }

  /// A request that was sent at `sentAt` failed.
  ///
  /// - Parameters:
  ///   - retryAfter: how long the server asks to wait; nil when it says nothing.
  ///   - jitter: 0 to 1, so that many callers do not come back at once.
  mutating func failed(now: Int64, sentAt: Int64, retryAfter: Duration?, jitter: Double) -> Verdict {
    let began = began ?? now
    self.began = began
    // Requests that were under way together fail together; that is one failure.
    if sentAt >= lastFailure {
      failures = min(failures + 1, 16)
      lastFailure = now
    }
    let full = min(Self.longestWait, Self.firstWait << Int64(failures))
    let backoff = full / 2 + Int64(Double(full / 2) * min(max(jitter, 0), 1))
    let wait = max(backoff, retryAfter?.nanosecondsClamped ?? 0)
    let (end, overflow) = now.addingReportingOverflow(wait)
    let at = overflow ? Int64.max : end
    let (limit, isForever) = began.addingReportingOverflow(patience)
    guard isForever || at <= limit else { return .giveUp }
    until = max(until, at)
    return .again(at: until)
  }
}

extension Duration {
  /// The duration in nanoseconds; the largest number when it is longer.
  var nanosecondsClamped: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, over) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || over ? .max : sum
  }
}
