/// Multiples of one point, so that many scalars are multiplied with it quickly: what a setup does.
struct FixedPointTable<F: CurveField> {
  private static var digits: SignedDigits { SignedDigits(width: 8) }
  /// How many scalars share an inversion.
  private static var batch: Int { 256 }

  /// For each window its 128 multiples; first those of the point, then those of its image under the endomorphism.
  private let multiples: [Affine<F>]

  /// The table of a point of order r: 4,096 points.
  init(_ base: Affine<F>) {
    let digits = Self.digits
    var all: [Jacobian<F>] = []
    all.reserveCapacity(digits.windowCount * digits.bucketCount)
    var unit = Jacobian(base)
    for _ in 0..<digits.windowCount {
      var multiple = unit
      for _ in 0..<digits.bucketCount {
        all.append(multiple)
        multiple += unit
      }
      // The last multiple is half a window; its double is the next window's unit.
      unit = all[all.count - 1].doubled
    }
    let points = Jacobian.affine(all)
    multiples = points + points.map { Affine(uncheckedX: $0.x.scaled(by: F.beta), y: $0.y) }
  }

  /// The point times each scalar.
  ///
  /// - Complexity: at most 32 affine additions a scalar.
  func multiplied(by scalars: [Fr]) -> [Affine<F>] {
    let digits = Self.digits
    var products: [Affine<F>] = []
    products.reserveCapacity(scalars.count)
    for start in stride(from: 0, to: scalars.count, by: Self.batch) {
      let end = min(start + Self.batch, scalars.count)
      var entries: [BucketSums<F>.Entry] = []
      entries.reserveCapacity((end - start) * 2 * digits.windowCount)
      for index in start..<end {
        let (first, second) = Endomorphism.split(scalars[index].canonicalLimbs)
        for (half, offset) in [(first, 0), (second, multiples.count / 2)] {
          digits.forEach(half) { window, digit in
            let place = offset + window * digits.bucketCount + Int(digit.magnitude) - 1
            let point = Int32(truncatingIfNeeded: place)
            entries.append(.init(bucket: Int32(truncatingIfNeeded: index - start), point: digit > 0 ? point : ~point))
          }
        }
      }
      products += BucketSums<F>.sums(entries, of: multiples, buckets: end - start)
    }
    return products
  }
}
