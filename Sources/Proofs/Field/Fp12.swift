/// A number of Fp12 = Fp6[w] / (w^2 - v): where pairings take their values.
struct Fp12: Sendable, Hashable {
  var c0: Fp6
  var c1: Fp6

  @inline(__always)
  init(_ c0: Fp6, _ c1: Fp6) {
    self.c0 = c0
    self.c1 = c1
  }

  static let one = Self(.one, .zero)

  static func * (left: Self, right: Self) -> Self {
    let low = left.c0 * right.c0
    let high = left.c1 * right.c1
    let both = (left.c0 + left.c1) * (right.c0 + right.c1)
    return Self(low + high.timesV, both - low - high)
  }

  static func *= (left: inout Self, right: Self) { left = left * right }

  /// Two products of Fp6: (c0 + c1)(c0 + v c1) - (1 + v) c0 c1 + 2 c0 c1 w.
  var squared: Self {
    let product = c0 * c1
    let both = (c0 + c1) * (c0 + c1.timesV)
    return Self(both - product - product.timesV, product + product)
  }

  /// The number to the power of p^6; the inverse, for values of pairings.
  @inline(__always)
  var conjugate: Self { Self(c0, -c1) }

  /// The number that gives 1 when multiplied; 0 for 0.
  var inverse: Self {
    let norm = (c0 * c0 - (c1 * c1).timesV).inverse
    return Self(c0 * norm, -(c1 * norm))
  }

  /// Product with l0 + (l1 + l3 v) w: what a line is.
  mutating func multiply(line l0: Fp2, _ l1: Fp2, _ l3: Fp2) {
    let low = c0 * l0
    let high = Fp6.sparseProduct(c1, l1, l3)
    let both = Fp6.sparseProduct(c0 + c1, l0 + l1, l3)
    self = Self(low + high.timesV, both - low - high)
  }

  /// The number to the power of p.
  var frobenius: Self {
    let factors = Frobenius.factors
    return Self(
      Fp6(c0.c0.conjugate, c0.c1.conjugate * factors[2], c0.c2.conjugate * factors[4]),
      Fp6(c1.c0.conjugate * factors[1], c1.c1.conjugate * factors[3], c1.c2.conjugate * factors[5]))
  }

  /// The number to the power of p^2.
  var frobeniusSquared: Self {
    let factors = Frobenius.squaredFactors
    return Self(
      Fp6(c0.c0, c0.c1 * factors[2], c0.c2 * factors[4]),
      Fp6(c1.c0 * factors[1], c1.c1 * factors[3], c1.c2 * factors[5]))
  }
}

/// What the coefficient of w^i is multiplied by in powers of p.
enum Frobenius {
  /// xi^(i (p - 1) / 6), for power p.
  static let factors: [Fp2] = {
    // (p - 1) / 6
    let root = Fp2(9, 1).power(limbs: [
      0x34b0_1759_2414_d4e1, 0xee95_91c2_e6bd_a1c2, 0xf40d_60f3_c040_3964, 0x0810_b7bd_d032_f006,
    ])
    return (0..<6).reduce(into: []) { powers, _ in powers.append((powers.last ?? root.inverse) * root) }
  }()

  /// xi^(i (p^2 - 1) / 6), for power p^2; numbers of Fp.
  static let squaredFactors: [Fp] = factors.map { $0.c0.squared + $0.c1.squared }
}

extension Fp2 {
  /// The number to a power given as limbs, least significant first; the time shows the exponent.
  func power(limbs exponent: [UInt64]) -> Self {
    var result = Self.one
    for limb in exponent.reversed() {
      for bit in (0..<64).reversed() {
        result = result.squared
        if limb >> UInt64(bit) & 1 == 1 { result = result * self }
      }
    }
    return result
  }
}
