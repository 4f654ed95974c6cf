import TestSupport
import Testing

@testable import Proofs

/// What must hold in the extensions of Fp, whatever the formulas that compute it.
@Suite("The tower Fp2, Fp6, Fp12") struct TowerTests {
  private static let p = [
    CoordinateParameters.modulus0, CoordinateParameters.modulus1, CoordinateParameters.modulus2,
    CoordinateParameters.modulus3,
  ]
  private static let zero = Fp12(.zero, .zero)
  private static let u = Fp2(0, 1)
  private static let v = Fp6(.zero, .one, .zero)
  private static let w = Fp12(.zero, .one)

  /// By squares and products alone.
  private func power(_ value: Fp12, _ exponent: [UInt64]) -> Fp12 {
    var result = Fp12.one
    for limb in exponent.reversed() {
      for bit in (0..<64).reversed() {
        result = result * result
        if limb >> UInt64(bit) & 1 == 1 { result *= value }
      }
    }
    return result
  }

  @Test("each generator is the root that the tower is built on")
  func roots() {
    let xi = Fp2(9, 1)
    #expect(Self.u * Self.u == -Fp2.one && Self.u.squared == -Fp2.one)
    #expect(Self.v * Self.v * Self.v == Fp6(xi, .zero, .zero))
    #expect(Self.w * Self.w == Fp12(Self.v, .zero) && Self.w.squared == Fp12(Self.v, .zero))
    #expect(power(Self.w, [6]) == Fp12(Fp6(xi, .zero, .zero), .zero))
    // The norm of xi is 82. Its power of (p - 1) / 6 is a sixth root of one and of no lower order, so that xi is neither
    // a square nor a cube: otherwise v and w would be no new numbers.
    #expect(xi.power(limbs: Self.p) * xi == Fp2(82, 0))
    let sixth = Frobenius.squaredFactors[1]
    #expect(sixth.power(6) == .one && sixth.power(3) == -.one && sixth.power(2) != .one)
    #expect(Frobenius.factors[1].conjugate * Frobenius.factors[1] == Fp2(sixth, .zero))
  }

  @Test("the laws of a field")
  func laws() {
    var sampler = TowerSampler()
    for _ in 0..<20 {
      let (a, b, c) = (sampler.fp12(), sampler.fp12(), sampler.fp12())
      let comment: Comment = "\(sampler)"
      #expect(a * b == b * a, comment)
      #expect((a * b) * c == a * (b * c), comment)
      #expect(a * Fp12(b.c0 + c.c0, b.c1 + c.c1) == Self.sum(a * b, a * c), comment)
      #expect(a * .one == a && a * Self.zero == Self.zero, comment)
      #expect(a.squared == a * a, comment)
      var product = a
      product *= b
      #expect(product == a * b, comment)
      let (d, e) = (sampler.fp2(), sampler.fp2())
      #expect(d.squared == d * d && d * e == e * d && (d + e) * d == d * d + e * d, comment)
      #expect(d - e == d + -e && d - d == .zero && d + .zero == d && d * .one == d, comment)
      let (f, g) = (sampler.fp6(), sampler.fp6())
      #expect(f * g == g * f && (f + g) * f == f * f + g * f, comment)
      #expect(f - g == f + -g && f - f == .zero && f + .zero == f && f * .one == f, comment)
    }
  }

  private static func sum(_ left: Fp12, _ right: Fp12) -> Fp12 { Fp12(left.c0 + right.c0, left.c1 + right.c1) }

  @Test("short products are those with the zeros written out")
  func shortProducts() {
    var sampler = TowerSampler()
    let numbers: [(Fp2, Fp2)] = [
      (sampler.fp2(), sampler.fp2()), (.zero, sampler.fp2()), (sampler.fp2(), .zero), (.zero, .zero),
    ]
    for (b0, b1) in numbers {
      let (a, f) = (sampler.fp6(), sampler.fp12())
      let comment: Comment = "\(sampler)"
      #expect(Fp6.sparseProduct(a, b0, b1) == a * Fp6(b0, b1, .zero), comment)
      #expect(a * b0 == a * Fp6(b0, .zero, .zero), comment)
      #expect(a.timesV == a * Self.v, comment)
      #expect(b0.timesXi == b0 * Fp2(9, 1), comment)
      #expect(b0 * b1.c0 == b0 * Fp2(b1.c0, .zero) && b0.scaled(by: b1.c0) == b0 * b1.c0, comment)
      let l0 = sampler.fp2()
      var product = f
      product.multiply(line: l0, b0, b1)
      #expect(product == f * Fp12(Fp6(l0, .zero, .zero), Fp6(b0, b1, .zero)), comment)
    }
  }

  @Test("a number times its inverse is 1, also with zeros among its parts; 0 has none")
  func inverses() {
    var sampler = TowerSampler()
    let (a, b) = (sampler.fp2(), sampler.fp2())
    for value in [a, Fp2(a.c0, .zero), Fp2(.zero, a.c1), .one, -.one, Self.u] {
      #expect(value * value.inverse == .one, "\(sampler)")
    }
    let sixth = [
      sampler.fp6(), Fp6(a, .zero, .zero), Fp6(.zero, a, .zero), Fp6(.zero, .zero, a), Fp6(a, b, .zero),
      Fp6(.zero, a, b), Fp6(a, .zero, b), .one, Self.v,
    ]
    for value in sixth { #expect(value * value.inverse == .one, "\(sampler)") }
    let twelfth = [sampler.fp12(), .one, Self.w] + sixth.flatMap { [Fp12($0, .zero), Fp12(.zero, $0), Fp12($0, $0)] }
    for value in twelfth { #expect(value * value.inverse == .one, "\(sampler)") }
    #expect(Fp2.zero.inverse == .zero && Fp6.zero.inverse == .zero && Self.zero.inverse == Self.zero)
  }

  @Test("inverting many of Fp2 at once equals inverting each, with zeros anywhere", arguments: [0, 1, 2, 9])
  func manyInverses(count: Int) {
    var sampler = TowerSampler()
    for offset in 0..<3 {
      var values = (0..<count).map { $0 % 3 == offset ? .zero : sampler.fp2() }
      let expected = values.map(\.inverse)
      Fp2.invert(&values)
      #expect(values == expected, "\(sampler)")
    }
    var zeros = [Fp2](repeating: .zero, count: count)
    Fp2.invert(&zeros)
    #expect(zeros == Array(repeating: .zero, count: count))
  }

  @Test("frobenius is the power of p, and twelve of them change nothing")
  func frobenius() {
    var sampler = TowerSampler()
    for value in [sampler.fp12(), Self.w, Fp12(Self.v, .zero), Fp12(.zero, sampler.fp6())] {
      let comment: Comment = "\(sampler)"
      #expect(value.frobenius == power(value, Self.p), comment)
      #expect(value.frobeniusSquared == value.frobenius.frobenius, comment)
      var turned = value
      for step in 1...12 {
        turned = turned.frobenius
        if step == 6 { #expect(turned == value.conjugate, comment) }
      }
      #expect(turned == value, comment)
    }
    let number = sampler.fp2()
    #expect(number.conjugate == number.power(limbs: Self.p), "\(sampler)")
    let (a, b) = (sampler.fp12(), sampler.fp12())
    #expect((a * b).frobenius == a.frobenius * b.frobenius, "\(sampler)")
    #expect(Self.sum(a, b).frobenius == Self.sum(a.frobenius, b.frobenius), "\(sampler)")
  }

  @Test("the short square is the square on the cyclotomic subgroup, and not elsewhere")
  func cyclotomicSquares() {
    var sampler = TowerSampler()
    for _ in 0..<8 {
      let value = sampler.cyclotomic()
      #expect(value != .one && value * value.conjugate == .one, "\(sampler)")
      // p^4 - p^2 + 1 is the order of the subgroup.
      let squared = value.frobeniusSquared
      #expect(squared.frobeniusSquared * value == squared, "\(sampler)")
      #expect(value.cyclotomicSquare == value * value, "\(sampler)")
      #expect(value.conjugate.cyclotomicSquare == (value * value).conjugate, "\(sampler)")
    }
    let other = sampler.fp12()
    #expect(other.cyclotomicSquare != other * other, "\(sampler)")
    #expect(Fp12.one.cyclotomicSquare == .one)
  }

  @Test("powers of Fp2 add their exponents; to the power of p^2 a number is itself")
  func powers() {
    var sampler = TowerSampler()
    let value = sampler.fp2()
    #expect(value.power(limbs: []) == .one && value.power(limbs: [0, 0]) == .one)
    #expect(value.power(limbs: [1, 0]) == value)
    #expect(value.power(limbs: [7]) == value.power(limbs: [3]) * value.power(limbs: [4]), "\(sampler)")
    // 2^64 by its own limb.
    #expect(
      value.power(limbs: [0, 1]) == (0..<64).reduce(value) { number, _ in number * number }, "\(sampler)")
    #expect(value.power(limbs: Self.p).power(limbs: Self.p) == value, "\(sampler)")
    #expect(Fp2.zero.power(limbs: [5]) == .zero)
  }
}
