internal import Service

/// Mints job ids that ascend: within a millisecond, and when the clock steps back, it counts on from the last one.
///
/// A value with state: each owner keeps its own, behind its own isolation.
public struct JobIDMinter: Sendable {
  private var last: ULID?

  /// A minter that has minted nothing.
  public init() {}

  /// The next id of `queue`, at a time in Unix milliseconds; times outside 48 bits are clamped.
  public mutating func mint(
    _ queue: QueueName, nowMs: Int64, using generator: inout some RandomNumberGenerator
  ) -> JobID {
    let time = UInt64(clamping: nowMs).clamped(to: Self.times)
    var next = Self.fresh(time, using: &generator)
    if let last, last.milliseconds >= time {
      next = last.successor ?? Self.fresh(min(last.milliseconds + 1, Self.times.upperBound), using: &generator)
    }
    last = next
    return JobID(queue: queue, ulid: next)
  }

  /// The next id of `queue`, now, with the system's random numbers.
  public mutating func mint(_ queue: QueueName) -> JobID {
    var generator = SystemRandomNumberGenerator()
    return mint(queue, nowMs: WallClock.nowMs(), using: &generator)
  }

  /// The 14 random digits from which a claim mints the ids of raw elements; fresh for each call.
  public static func nonce(using generator: inout some RandomNumberGenerator) -> [UInt8] {
    ULID.digits(14, using: &generator)
  }

  private static let times: ClosedRange<UInt64> = 0...(1 << 48 - 1)

  private static func fresh(_ time: UInt64, using generator: inout some RandomNumberGenerator) -> ULID {
    ULID(milliseconds: time, random: UInt16(truncatingIfNeeded: generator.next()), generator.next())
  }
}

extension UInt64 {
  fileprivate func clamped(to range: ClosedRange<UInt64>) -> UInt64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
