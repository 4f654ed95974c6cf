import TestSupport
import Testing

@testable import Proofs

@Suite("Pairing") struct PairingTests {
  private let g1 = G1Point.generator
  private let g2 = G2Point.generator

  private func power(_ value: Fp12, _ exponent: Fr) -> Fp12 {
    let limbs = exponent.canonicalLimbs
    var result = Fp12.one
    for limb in [limbs.3, limbs.2, limbs.1, limbs.0] {
      for bit in (0..<64).reversed() {
        result = result.squared
        if limb >> UInt64(bit) & 1 == 1 { result *= value }
      }
    }
    return result
  }

  @Test func smallMultiples() {
    let value = Pairing.value(g1, g2)
    #expect(value != .one)
    let six = Pairing.value(g1.multiplied(by: 2), g2.multiplied(by: 3))
    #expect(six == power(value, 6))
    #expect(six != power(value, 5))
  }

  @Test func bilinear() {
    var sampler = FieldSampler<ScalarParameters>()
    let (a, b) = (sampler.next(), sampler.next())
    let left = Pairing.value(g1.multiplied(by: a), g2.multiplied(by: b))
    #expect(left == Pairing.value(g1.multiplied(by: a * b), g2), "\(sampler)")
    #expect(left == Pairing.value(g1, g2.multiplied(by: a * b)), "\(sampler)")
    #expect(left == power(Pairing.value(g1, g2), a * b), "\(sampler)")
  }

  @Test func valuesHaveTheOrderOfTheGroups() {
    let value = Pairing.value(g1.multiplied(by: 5), g2)
    // r is 0 as a number of Fr, so the power is taken by r - 1 and one more.
    #expect(power(value, -.one) * value == .one)
    #expect(power(value, -.one) == value.conjugate)
  }

  @Test func infinityGivesOne() {
    #expect(Pairing.value(.infinity, g2) == .one)
    #expect(Pairing.value(g1, .infinity) == .one)
  }

  /// The precompile's question of EIP-197: whether a product of pairings is 1.
  @Test func products() {
    let one = MillerLoop.product([
      (g1.multiplied(by: 6), PreparedG2(g2)), (-g1.multiplied(by: 2), PreparedG2(g2.multiplied(by: 3))),
    ])
    #expect(FinalExponentiation.power(one) == .one)
    let other = MillerLoop.product([
      (g1.multiplied(by: 6), PreparedG2(g2)), (-g1.multiplied(by: 2), PreparedG2(g2.multiplied(by: 4))),
    ])
    #expect(FinalExponentiation.power(other) != .one)
    #expect(FinalExponentiation.power(MillerLoop.product([])) == .one)
  }

  @Test func preparedLinesAreAllThatTheLoopNeeds() {
    #expect(PreparedG2(g2).lines.count == MillerLoop.lineCount)
    // 6x + 2 by its digits, in two halves as it has 65 bits.
    var value: (high: UInt64, low: UInt64) = (0, 1)
    for digit in MillerLoop.digits {
      let doubled = value.low.addingReportingOverflow(value.low)
      value = (value.high * 2 + (doubled.overflow ? 1 : 0), doubled.partialValue)
      let moved =
        digit >= 0
        ? value.low.addingReportingOverflow(UInt64(digit)) : value.low.subtractingReportingOverflow(UInt64(-Int(digit)))
      value.low = moved.partialValue
      if moved.overflow { value.high = digit > 0 ? value.high + 1 : value.high - 1 }
    }
    let expected = FinalExponentiation.x.multipliedFullWidth(by: 6)
    #expect(value.high == expected.high && value.low == expected.low + 2)
  }

  @Test func cyclotomicSquaresAreSquares() {
    let value = Pairing.value(g1.multiplied(by: 3), g2)
    #expect(value.cyclotomicSquare == value.squared)
    #expect(Fp12.one.cyclotomicSquare == .one)
  }

  @Test func frobeniusIsThePowerOfP() {
    let value = Pairing.value(g1, g2)
    // On values of the pairing p is p mod r: 6x^2, the trace less 1.
    let x = Fr(FinalExponentiation.x)
    #expect(value.frobenius == power(value, 6 * x * x))
    #expect(value.frobeniusSquared == value.frobenius.frobenius)
    var turned = Fp12(Fp6(Fp2(1, 2), Fp2(3, 4), Fp2(5, 6)), Fp6(Fp2(7, 8), Fp2(9, 10), Fp2(11, 12)))
    let start = turned
    for _ in 0..<6 { turned = turned.frobenius }
    #expect(turned == start.conjugate)
    for _ in 0..<6 { turned = turned.frobenius }
    #expect(turned == start)
  }

  @Test func linesMultiplyAsTheNumbersThatTheyAre() {
    let (l0, l1, l3) = (Fp2(3, 4), Fp2(5, 6), Fp2(7, 8))
    let start = Fp12(Fp6(Fp2(1, 2), Fp2(3, 4), Fp2(5, 6)), Fp6(Fp2(7, 8), Fp2(9, 10), Fp2(11, 12)))
    var product = start
    product.multiply(line: l0, l1, l3)
    #expect(product == start * Fp12(Fp6(l0, .zero, .zero), Fp6(l1, l3, .zero)))
  }
}

@Suite("Subgroup of the twist") struct SubgroupTests {
  /// r times the point, by what the order means.
  private func isKilledByR(_ point: G2Point) -> Bool {
    let r = [
      ScalarParameters.modulus0, ScalarParameters.modulus1, ScalarParameters.modulus2, ScalarParameters.modulus3,
    ]
    return Jacobian(point).multiplied(byLimbs: r).isInfinity
  }

  @Test func multiplesOfTheGeneratorAreInIt() {
    var sampler = FieldSampler<ScalarParameters>()
    for scalar in [1, 2, -.one, sampler.next()] as [Fr] {
      let point = G2Point.generator.multiplied(by: scalar)
      #expect(point.isOnCurve && point.isInSubgroup && isKilledByR(point), "\(sampler)")
    }
    #expect(G2Point.infinity.isInSubgroup)
  }

  @Test func otherPointsOfTheTwistAreNot() throws {
    let stray = try strayTwistPoint.get()
    #expect(stray.isOnCurve && !stray.isInSubgroup && !isKilledByR(stray))
    // r * stray has only the cofactor's order left; a sum with a good point has both.
    let r = [
      ScalarParameters.modulus0, ScalarParameters.modulus1, ScalarParameters.modulus2, ScalarParameters.modulus3,
    ]
    let cofactorOnly = Jacobian(stray).multiplied(byLimbs: r)
    let mixed = (cofactorOnly + G2Point.generator).affine
    for point in [cofactorOnly.affine, mixed, (-stray), Jacobian(stray).doubled.affine] {
      #expect(point.isOnCurve && !point.isInSubgroup && !isKilledByR(point))
    }
  }
}
