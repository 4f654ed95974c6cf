private import Synchronization

/// Lets a line of each key pass once an interval, and counts the others: for errors that repeat.
///
/// Keys are fixed words of the code (`redis_unavailable`); when there are more than 256 the longest unused is forgotten.
public final class LogLimiter: Sendable {
  private struct Entry {
    var passedAt: Int64
    var suppressed: Int
  }

  private static let mostKeys = 256
  private let interval: Int64
  private let clock: @Sendable () -> Int64
  private let entries = Mutex<[String: Entry]>([:])

  /// Creates a limiter.
  ///
  /// - Parameter clock: monotonic nanoseconds.
  public init(
    interval: Duration, clock: @escaping @Sendable () -> Int64 = { MonotonicClock.nowNanoseconds() }
  ) {
    self.interval = Int64(min(max(interval.seconds, 0), 1e9) * 1e9)
    self.clock = clock
  }

  /// Whether a line of this key passes: how many have been held back since the last one, or nil when it is held back.
  public func admit(_ key: String) -> Int? {
    let now = clock()
    return entries.withLock { entries in
      if let entry = entries[key], now &- entry.passedAt < interval {
        entries[key]?.suppressed += 1
        return nil
      }
      let suppressed = entries[key]?.suppressed ?? 0
      if entries[key] == nil, entries.count >= LogLimiter.mostKeys,
        let oldest = entries.min(by: { $0.value.passedAt < $1.value.passedAt })?.key
      {
        entries[oldest] = nil
      }
      entries[key] = Entry(passedAt: now, suppressed: 0)
      return suppressed
    }
  }
}
