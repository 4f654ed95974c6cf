/// The endomorphism (x, y) -> (beta x, y) of curves y^2 = x^3 + b, which multiplies points of order r by lambda.
///
/// A factor of 254 bits splits into two of 127: k P = k1 P + k2 (beta x, y). Source: Gallant, Lambert and Vanstone,
/// "Faster Point Multiplication on Elliptic Curves with Efficient Endomorphisms" (2001). The constants follow from r and
/// the two cube roots of one; `EndomorphismOracleTests` computes them anew.
enum Endomorphism {
  /// lambda, a root of l^2 + l + 1 modulo r.
  static let lambda = Fr(
    montgomery: (0x93e7_cede_4a03_29b3, 0x7d4f_dca7_7a96_c167, 0x8be4_ba08_b19a_750a, 0x1cbd_5653_a566_1c25))

  /// Half of a factor: a magnitude below 2^127 and its sign.
  struct Half: Equatable {
    var low: UInt64
    var high: UInt64
    var isNegative: Bool

    /// Whether a bit of the magnitude is set.
    @inline(__always)
    func bit(_ index: Int) -> Bool { (index < 64 ? low >> UInt64(index) : high >> UInt64(index - 64)) & 1 == 1 }
  }

  /// k1 and k2 with k = k1 + lambda k2 modulo r, rounded to the lattice of (short1, -long1), (long2, short1).
  ///
  /// A k below 2^126 gives itself and 0.
  static func split(_ k: Limbs) -> (Half, Half) {
    let c1 = productHigh(k, (reciprocal1.0, reciprocal1.1, 0))
    let c2 = productHigh(k, (reciprocal2.0, reciprocal2.1, reciprocal2.2))
    let first = subtract(subtract(k, product(c1, (short1, 0))), product(c2, long2))
    let second = subtract(product(c1, long1), product(c2, (short1, 0)))
    return (half(first), half(second))
  }

  private static let short1: UInt64 = 0x89d3_2568_94d2_13e3
  private static let long1: (UInt64, UInt64) = (0x8211_bbeb_7d4f_1128, 0x6f4d_8248_eeb8_59fc)
  private static let long2: (UInt64, UInt64) = (0x0be4_e154_1221_250b, 0x6f4d_8248_eeb8_59fd)
  /// 2^256 short1 / r and 2^256 long1 / r, rounded down.
  private static let reciprocal1: (UInt64, UInt64) = (0xd91d_232e_c7e0_b3d7, 2)
  private static let reciprocal2: (UInt64, UInt64, UInt64) = (0x7a7b_d9d4_391e_b18d, 0x4cce_f014_a773_d2cf, 2)

  /// k * factor / 2^256, rounded down; below 2^128 as k is below r and the factors are below 2^130.
  private static func productHigh(_ k: Limbs, _ factor: (UInt64, UInt64, UInt64)) -> (UInt64, UInt64) {
    var row: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var high: UInt64 = 0
    row.0 = multiply(k.0, factor.0, 0, 0, &high)
    row.0 = multiply(k.1, factor.0, 0, high, &high)
    row.1 = multiply(k.2, factor.0, 0, high, &high)
    row.2 = multiply(k.3, factor.0, 0, high, &row.3)
    // row holds limbs 1 to 4; each further row moves it by one.
    row = next(row, k, factor.1)
    row = next(row, k, factor.2)
    return (row.1, row.2)
  }

  /// (row + k * limb) without its lowest limb.
  private static func next(
    _ row: (UInt64, UInt64, UInt64, UInt64), _ k: Limbs, _ limb: UInt64
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var high: UInt64 = 0
    _ = multiply(k.0, limb, row.0, 0, &high)
    let first = multiply(k.1, limb, row.1, high, &high)
    let second = multiply(k.2, limb, row.2, high, &high)
    let third = multiply(k.3, limb, row.3, high, &high)
    return (first, second, third, high)
  }

  /// Product modulo 2^256.
  private static func product(_ left: (UInt64, UInt64), _ right: (UInt64, UInt64)) -> Limbs {
    var high: UInt64 = 0
    let first = multiply(left.0, right.0, 0, 0, &high)
    let second = multiply(left.1, right.0, 0, high, &high)
    let third = high
    let mixed = multiply(left.0, right.1, second, 0, &high)
    let upper = multiply(left.1, right.1, third, high, &high)
    return (first, mixed, upper, high)
  }

  /// Difference modulo 2^256.
  private static func subtract(_ left: Limbs, _ right: Limbs) -> Limbs {
    var borrow: UInt64 = 0
    return (
      Proofs.subtract(left.0, right.0, &borrow), Proofs.subtract(left.1, right.1, &borrow),
      Proofs.subtract(left.2, right.2, &borrow), Proofs.subtract(left.3, right.3, &borrow)
    )
  }

  /// Reads two's complement.
  private static func half(_ value: Limbs) -> Half {
    guard value.3 >> 63 == 1 else { return Half(low: value.0, high: value.1, isNegative: false) }
    let magnitude = subtract((0, 0, 0, 0), value)
    return Half(low: magnitude.0, high: magnitude.1, isNegative: true)
  }
}
