/// Bounds a rate: a bucket of tokens that fills steadily and holds no more than one batch. Pure; times are nanoseconds of a
/// clock that only goes forward.
struct TokenBucket {
  private let perSecond: Double
  private let capacity: Double
  private var tokens: Double
  private var last: Int64

  /// - Parameters:
  ///   - perSecond: tokens a second, above 0.
  ///   - capacity: the most that it holds, and the most that can be taken at once. It begins full.
  init(perSecond: Double, capacity: Int, now: Int64) {
    self.perSecond = perSecond
    self.capacity = Double(capacity)
    tokens = self.capacity
    last = now
  }

  /// Takes `count` tokens and answers 0, or takes none and answers how many nanoseconds to wait before it asks again.
  mutating func take(_ count: Int, now: Int64) -> Int64 {
    tokens = min(capacity, tokens + Double(max(0, now - last)) * perSecond / 1e9)
    last = max(last, now)
    let wanted = min(Double(count), capacity)
    guard tokens < wanted else {
      tokens -= wanted
      return 0
    }
    return max(1, Int64(((wanted - tokens) / perSecond * 1e9).rounded(.up)))
  }
}
