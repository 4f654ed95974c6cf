import Synchronization

/// Sums of points times scalars: by far the most of a prover's work.
///
/// Pippenger's buckets over signed digits, halved factors (`Endomorphism`) and affine additions (`BucketSums`). The time
/// shows how many scalars are 0 or small.
enum MultiScalar<F: CurveField> {
  /// points[0] * scalars[0] + points[1] * scalars[1] + ...
  ///
  /// - Precondition: all points have the order r; there are as many scalars as points.
  /// - Throws: `stopped`, asked for between windows.
  /// - Complexity: some 127 / w * (2 n + 4.5 * 2^w) affine additions, with w about log2(n) - 2.
  static func sum(
    _ points: [Affine<F>], _ scalars: some RandomAccessCollection<Fr>, sharing: WorkSharing = .none,
    shouldStop: @Sendable () -> Bool = { false }
  ) throws(ProofsError) -> Jacobian<F> {
    let terms = Terms(points, scalars)
    let digits = terms.bestDigits()
    let windows = terms.entries(digits)
    let groups = group(windows, for: sharing.width)
    let sums = Mutex([Jacobian<F>](repeating: .infinity, count: windows.count))
    let wasStopped = Atomic(false)
    sharing.run(groups.count) { number in
      if shouldStop() { wasStopped.store(true, ordering: .relaxed) }
      if wasStopped.load(ordering: .relaxed) { return }
      let group = groups[number]
      let part = windowSums(windows[group], terms.points, digits.bucketCount)
      sums.withLock { $0.replaceSubrange(group, with: part) }
    }
    if wasStopped.load(ordering: .relaxed) { throw .stopped }
    var total = Jacobian<F>.infinity
    for window in sums.withLock({ $0 }).reversed() {
      for _ in 0..<digits.width { total = total.doubled }
      total += window
    }
    return total
  }

  /// The same sum of few points, which nobody stops.
  static func wholeSum(_ points: [Affine<F>], _ scalars: [Fr]) -> Jacobian<F> {
    do throws(ProofsError) {
      return try sum(points, scalars)
    } catch {
      preconditionFailure("only shouldStop ends a sum, and it is not asked here")
    }
  }

  /// Neighbouring windows that are worked on together: few enough entries to stay in the cache, enough to share the inversion,
  /// and a group a thread at least.
  private static func group(_ windows: [[BucketSums<F>.Entry]], for width: Int) -> [Range<Int>] {
    let total = windows.reduce(0) { $0 + $1.count }
    let limit = max(1, min(8192, total / width + 1))
    var groups: [Range<Int>] = []
    var start = 0
    var count = 0
    for index in windows.indices {
      count += windows[index].count
      if count >= limit || index == windows.count - 1 {
        groups.append(start..<(index + 1))
        start = index + 1
        count = 0
      }
    }
    return groups
  }

  private static func windowSums(
    _ windows: ArraySlice<[BucketSums<F>.Entry]>, _ points: [Affine<F>], _ bucketCount: Int
  ) -> [Jacobian<F>] {
    var entries: [BucketSums<F>.Entry] = []
    entries.reserveCapacity(windows.reduce(0) { $0 + $1.count })
    for (number, window) in windows.enumerated() {
      let offset = Int32(truncatingIfNeeded: number * bucketCount)
      for entry in window { entries.append(.init(bucket: entry.bucket + offset, point: entry.point)) }
    }
    let buckets = BucketSums<F>.sums(entries, of: points, buckets: windows.count * bucketCount)
    return (0..<windows.count).map { number in
      // 1 B1 + 2 B2 + 3 B3 ... by running sums from the last bucket.
      var running = Jacobian<F>.infinity
      var sum = Jacobian<F>.infinity
      for bucket in (number * bucketCount..<(number + 1) * bucketCount).reversed() {
        running += buckets[bucket]
        sum += running
      }
      return sum
    }
  }

  /// What is summed, without what adds nothing, each factor in its two halves.
  private struct Terms {
    /// Each point and, after it, its image under the endomorphism.
    var points: [Affine<F>] = []
    /// The factor of each.
    var factors: [Endomorphism.Half] = []

    init(_ all: [Affine<F>], _ scalars: some RandomAccessCollection<Fr>) {
      points.reserveCapacity(2 * all.count)
      factors.reserveCapacity(2 * all.count)
      for (point, scalar) in zip(all, scalars) where !scalar.isZero && !point.isInfinity {
        let (first, second) = Endomorphism.split(scalar.canonicalLimbs)
        append(point, first)
        append(Affine(uncheckedX: point.x.scaled(by: F.beta), y: point.y), second)
      }
    }

    private mutating func append(_ point: Affine<F>, _ factor: Endomorphism.Half) {
      guard factor.low | factor.high != 0 else { return }
      points.append(point)
      factors.append(factor)
    }

    /// The width with the least products: six for an addition to a bucket, 27 for a bucket's share in the running sums.
    func bestDigits() -> SignedDigits {
      let bits = factors.reduce(0) { sum, factor in
        sum + 128 - (factor.high == 0 ? 64 + factor.low.leadingZeroBitCount : factor.high.leadingZeroBitCount)
      }
      var best = SignedDigits(width: 1)
      var least = Int.max
      for width in 2...14 {
        let digits = SignedDigits(width: width)
        let cost = 6 * (bits / width) + 27 * digits.windowCount * digits.bucketCount
        if cost < least {
          least = cost
          best = digits
        }
      }
      return best
    }

    /// For each window, which point belongs to which bucket.
    func entries(_ digits: SignedDigits) -> [[BucketSums<F>.Entry]] {
      var windows = [[BucketSums<F>.Entry]](repeating: [], count: digits.windowCount)
      for index in windows.indices { windows[index].reserveCapacity(factors.count) }
      for (index, factor) in factors.enumerated() {
        let point = Int32(truncatingIfNeeded: index)
        digits.forEach(factor) { window, digit in
          let bucket = Int32(truncatingIfNeeded: digit.magnitude) - 1
          windows[window].append(.init(bucket: bucket, point: digit > 0 ? point : ~point))
        }
      }
      return windows
    }
  }
}
