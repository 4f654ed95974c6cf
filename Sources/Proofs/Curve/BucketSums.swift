/// Sums of points by bucket, over many windows at a time, by additions of pairs that share one inversion a round.
///
/// Affine additions cost six products and a share of an inversion, mixed Jacobian ones eleven.
struct BucketSums<F: CurveField> {
  /// A point that is to be added to a bucket.
  struct Entry {
    /// The bucket, counted through all windows.
    var bucket: Int32
    /// The point's index; negative, as its complement, to subtract it.
    var point: Int32
  }

  /// The sum of each bucket; infinity for an empty one.
  ///
  /// - Precondition: buckets and points of the entries are in range.
  /// - Complexity: an affine addition an entry.
  static func sums(_ entries: [Entry], of points: [Affine<F>], buckets: Int) -> [Affine<F>] {
    var ends = [Int32](repeating: 0, count: buckets)
    var sorted = sort(entries, of: points, &ends)
    // Each round halves what a bucket holds.
    while true {
      var output: [Affine<F>] = []
      output.reserveCapacity(sorted.count / 2 + buckets)
      if !addPairs(sorted, &ends, &output) { break }
      sorted = output
    }
    var start: Int32 = 0
    return ends.map { end in
      defer { start = end }
      return end > start ? sorted[Int(start)] : .infinity
    }
  }

  /// The points in order of their buckets, and where each bucket ends.
  private static func sort(_ entries: [Entry], of points: [Affine<F>], _ ends: inout [Int32]) -> [Affine<F>] {
    for entry in entries { ends[Int(entry.bucket)] += 1 }
    var next: [Int32] = []
    next.reserveCapacity(ends.count)
    var total: Int32 = 0
    for bucket in ends.indices {
      next.append(total)
      total += ends[bucket]
      ends[bucket] = total
    }
    return [Affine<F>](unsafeUninitializedCapacity: entries.count) { memory, count in
      for entry in entries {
        let place = Int(next[Int(entry.bucket)])
        next[Int(entry.bucket)] += 1
        // Every place is written once: places of a bucket are as many as its entries.
        (memory.baseAddress.unsafelyUnwrapped + place).initialize(
          to: entry.point >= 0 ? points[Int(entry.point)] : -points[Int(~entry.point)])
      }
      count = entries.count
    }
  }

  /// One round: neighbours within a bucket are added, an odd last one moves along. Says whether anything was added.
  private static func addPairs(_ points: [Affine<F>], _ ends: inout [Int32], _ output: inout [Affine<F>]) -> Bool {
    var denominators: [F] = []
    denominators.reserveCapacity(points.count / 2)
    var start = 0
    points.withUnsafeBufferPointer { points in
      for end in ends {
        var index = start
        while index + 1 < Int(end) {
          denominators.append(denominator(points[index], points[index + 1]))
          index += 2
        }
        start = Int(end)
      }
    }
    if denominators.isEmpty { return false }
    F.invert(&denominators)
    start = 0
    var pair = 0
    points.withUnsafeBufferPointer { points in
      denominators.withUnsafeBufferPointer { inverses in
        for bucket in ends.indices {
          let end = Int(ends[bucket])
          var index = start
          while index + 1 < end {
            output.append(sum(points[index], points[index + 1], inverses[pair]))
            pair += 1
            index += 2
          }
          if index < end { output.append(points[index]) }
          ends[bucket] = Int32(truncatingIfNeeded: output.count)
          start = end
        }
      }
    }
    return true
  }

  /// What the slope of the line through both points is divided by; 1 where no division is needed.
  @inline(__always)
  private static func denominator(_ left: Affine<F>, _ right: Affine<F>) -> F {
    let difference = right.x - left.x
    if left.isInfinity || right.isInfinity { return .one }
    if !difference.isZero { return difference }
    return left.y == right.y ? left.y.doubled : .one
  }

  @inline(__always)
  private static func sum(_ left: Affine<F>, _ right: Affine<F>, _ inverse: F) -> Affine<F> {
    if left.isInfinity { return right }
    if right.isInfinity { return left }
    let slope: F
    if left.x != right.x {
      slope = (right.y - left.y) * inverse
    } else if left.y == right.y {
      let square = left.x.squared
      slope = (square.doubled + square) * inverse
    } else {
      return .infinity
    }
    let x = slope.squared - left.x - right.x
    return Affine(uncheckedX: x, y: slope * (left.x - x) - left.y)
  }
}
