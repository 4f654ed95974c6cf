/// How long to wait between attempts to connect: full jitter under a cap that doubles.
///
/// Many clients that lost one server at the same moment so come back spread over time and not as one wave.
public struct ReconnectPolicy: Sendable, Equatable {
  /// The longest wait before the first attempt.
  public var base: Duration
  /// The longest wait before any attempt.
  public var cap: Duration

  /// Makes a policy; a negative duration counts as zero.
  public init(base: Duration = .milliseconds(50), cap: Duration = .seconds(5)) {
    self.base = max(base, .zero)
    self.cap = max(cap, .zero)
  }

  /// The longest wait before an attempt, 0 being the first after a loss.
  public func longestDelay(attempt: Int) -> Duration {
    var longest = base
    for _ in 0..<max(attempt, 0) {
      if longest >= cap || longest == .zero { break }
      longest += longest
    }
    return min(longest, cap)
  }

  /// A wait between zero and the longest one, drawn from `generator`; microseconds are the grain.
  public func delay(attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
    let (seconds, attoseconds) = longestDelay(attempt: attempt).components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let longest = overflow ? Int64.max / 2 : min(whole, .max / 2) + attoseconds / 1_000_000_000_000
    return .microseconds(Int64.random(in: 0...longest, using: &generator))
  }
}
