/// The first multiples of a few points that are often summed with new scalars: a verification key's inputs.
///
/// The windows of all scalars share their doublings (Straus, 1964).
struct SmallMultiples {
  private static let digits = SignedDigits(width: 4)

  /// For each point eight multiples of itself, then of its image under the endomorphism.
  private let multiples: [G1Point]

  /// - Precondition: the points have the order r.
  init(_ points: [G1Point]) {
    var all: [Jacobian<Fp>] = []
    for point in points {
      for base in [point, Affine(uncheckedX: point.x * Fp.beta, y: point.y)] {
        var multiple = Jacobian(base)
        for _ in 0..<Self.digits.bucketCount {
          all.append(multiple)
          multiple += base
        }
      }
    }
    multiples = Jacobian.affine(all)
  }

  /// The sum of each point times its scalar.
  ///
  /// - Precondition: there are as many scalars as points.
  /// - Complexity: 127 doublings and up to 64 mixed additions a scalar.
  func sum(_ scalars: [Fr]) -> Jacobian<Fp> {
    var windows = [[G1Point]](repeating: [], count: Self.digits.windowCount)
    for (index, scalar) in scalars.enumerated() {
      let (first, second) = Endomorphism.split(scalar.canonicalLimbs)
      for (half, offset) in [(first, 2 * index), (second, 2 * index + 1)] {
        Self.digits.forEach(half) { window, digit in
          let multiple = multiples[offset * Self.digits.bucketCount + Int(digit.magnitude) - 1]
          windows[window].append(digit > 0 ? multiple : -multiple)
        }
      }
    }
    var sum = Jacobian<Fp>.infinity
    for window in windows.reversed() {
      for _ in 0..<Self.digits.width { sum = sum.doubled }
      for point in window { sum += point }
    }
    return sum
  }
}
