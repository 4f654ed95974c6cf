/// How fast something goes: its mean over the last seconds. Pure; times are nanoseconds of a clock that only goes forward.
struct RateMeter {
  private static let reach: Int64 = 10_000_000_000
  private static let spacing: Int64 = 250_000_000

  private var samples: [(time: Int64, count: Double)]

  /// - Parameter count: what was there at the start.
  init(now: Int64, count: Double = 0) { samples = [(now, count)] }

  /// Notes the count of this moment.
  mutating func note(_ count: Double, now: Int64) {
    guard let last = samples.last, now - last.time >= Self.spacing else { return }
    samples.append((now, count))
    while samples.count > 2, samples[1].time <= now - Self.reach { samples.removeFirst() }
  }

  /// The mean since the oldest sample, for a count of this moment; 0 at the very beginning.
  func perSecond(_ count: Double, now: Int64) -> Double {
    guard let first = samples.first, now > first.time else { return 0 }
    return max(0, count - first.count) * 1e9 / Double(now - first.time)
  }
}
