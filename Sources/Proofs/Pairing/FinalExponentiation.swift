/// The power (p^12 - 1) / r, which makes a value of the Miller loop one of the pairing.
enum FinalExponentiation {
  /// The curve's parameter: p and r are polynomials of it.
  static let x: UInt64 = 0x44e9_92b4_4a69_09f1

  /// The value to the power of (p^12 - 1) / r exactly; the chain for the hard part is that of Scott et al., "On the Final
  /// Exponentiation for Calculating Pairings on Ordinary Elliptic Curves" (2009).
  ///
  /// - Precondition: the value is not 0; a product of lines through points of the curve never is.
  static func power(_ value: Fp12) -> Fp12 {
    // p^6 - 1, then p^2 + 1: what is left lies in the cyclotomic subgroup, where the conjugate is the inverse.
    let unit = value.conjugate * value.inverse
    let f = unit.frobeniusSquared * unit
    let fx = powerX(f)
    let fx2 = powerX(fx)
    let fx3 = powerX(fx2)
    let fp = f.frobenius
    let y0 = fp * f.frobeniusSquared * fp.frobeniusSquared
    let y1 = f.conjugate
    let y2 = fx2.frobeniusSquared
    let y3 = fx.frobenius.conjugate
    let y4 = (fx * fx2.frobenius).conjugate
    let y5 = fx2.conjugate
    let y6 = (fx3 * fx3.frobenius).conjugate
    // y0 y1^2 y2^6 y3^12 y4^18 y5^30 y6^36
    var t0 = y6.cyclotomicSquare * y4 * y5
    var t1 = y3 * y5 * t0
    t0 *= y2
    t1 = (t1.cyclotomicSquare * t0).cyclotomicSquare
    t0 = t1 * y1
    t1 *= y0
    return t0.cyclotomicSquare * t1
  }

  private static func powerX(_ value: Fp12) -> Fp12 {
    var result = value
    for bit in (0..<(63 - x.leadingZeroBitCount)).reversed() {
      result = result.cyclotomicSquare
      if x >> UInt64(bit) & 1 == 1 { result *= value }
    }
    return result
  }
}

extension Fp12 {
  /// The square of a number of the cyclotomic subgroup (Granger and Scott, "Faster Squaring in the Cyclotomic Subgroup of Sixth
  /// Degree Extensions", 2010).
  var cyclotomicSquare: Self {
    let (a0, a1) = Self.squareFp4(c0.c0, c1.c1)
    let (b0, b1) = Self.squareFp4(c1.c0, c0.c2)
    let (d0, d1) = Self.squareFp4(c0.c1, c1.c2)
    let lifted = d1.timesXi
    return Self(
      Fp6(Self.threeLessTwo(a0, c0.c0), Self.threeLessTwo(b0, c0.c1), Self.threeLessTwo(d0, c0.c2)),
      Fp6(Self.threePlusTwo(lifted, c1.c0), Self.threePlusTwo(a1, c1.c1), Self.threePlusTwo(b1, c1.c2)))
  }

  /// (a + b s)^2 in Fp2[s] / (s^2 - xi).
  @inline(__always)
  private static func squareFp4(_ a: Fp2, _ b: Fp2) -> (Fp2, Fp2) {
    let aSquare = a.squared
    let bSquare = b.squared
    return (aSquare + bSquare.timesXi, (a + b).squared - aSquare - bSquare)
  }

  @inline(__always)
  private static func threeLessTwo(_ square: Fp2, _ value: Fp2) -> Fp2 { (square - value).doubled + square }

  @inline(__always)
  private static func threePlusTwo(_ square: Fp2, _ value: Fp2) -> Fp2 { (square + value).doubled + square }
}
