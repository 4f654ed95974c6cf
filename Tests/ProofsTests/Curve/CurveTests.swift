import TestSupport
import Testing

@testable import Proofs

@Suite("Points") struct CurveTests {
  private static let r = [
    ScalarParameters.modulus0, ScalarParameters.modulus1, ScalarParameters.modulus2, ScalarParameters.modulus3,
  ]

  @Test func knownDouble() throws {
    let double = G1Point.generator.multiplied(by: 2)
    #expect(double.x.decimal == "1368015179489954701390400359078579693043519447331113978918064868415326638035")
    #expect(double.y.decimal == "9918110051302171585080402603319702774565515993150576347155970296011118125764")
  }

  @Test("the laws of a group, in both", arguments: [true, false])
  func laws(isG1: Bool) {
    if isG1 { laws(Fp.self) } else { laws(Fp2.self) }
  }

  private func laws<F: CurveField>(_ field: F.Type) {
    let generator = Affine<F>.generator
    #expect(generator.isOnCurve && !generator.isInfinity && Affine<F>.infinity.isOnCurve)
    let one = Jacobian(generator)
    let (two, three) = (one.doubled, one.doubled + one)
    #expect(two == one + one && two == one + generator)
    #expect(three == one + two && three == two + generator && three + generator == two.doubled)
    #expect((two + three) + one == two + (three + one))
    #expect((one + -one).isInfinity && (one + -generator).isInfinity)
    let none = Jacobian<F>.infinity
    #expect(one + none == one && none + one == one && none + generator == one)
    #expect(Jacobian<F>.infinity.doubled.isInfinity && Jacobian<F>.infinity.affine.isInfinity)
    #expect(!(one == two) && !(one == none) && none == none)
    #expect(Jacobian(generator).multiplied(byLimbs: Self.r).isInfinity)
    #expect(generator.multiplied(by: -.one) == -generator && generator.multiplied(by: 0).isInfinity)
    let affine = Jacobian.affine([two, .infinity, three, one])
    #expect(affine == [two.affine, .infinity, three.affine, generator])
    #expect(affine.allSatisfy { $0.isOnCurve })
  }

  @Test("the short multiplication is the long one", arguments: [true, false])
  func multiplication(isG1: Bool) {
    if isG1 { multiplication(Fp.self) } else { multiplication(Fp2.self) }
  }

  private func multiplication<F: CurveField>(_ field: F.Type) {
    var sampler = FieldSampler<ScalarParameters>()
    let base = Jacobian(Affine<F>.generator)
    for scalar in [0, 1, 2, -.one, Endomorphism.lambda, sampler.next(), sampler.next()] as [Fr] {
      let limbs = scalar.canonicalLimbs
      let long = base.multiplied(byLimbs: [limbs.0, limbs.1, limbs.2, limbs.3])
      #expect(base.multiplied(by: scalar) == long, "\(sampler)")
    }
    let (k1, k2) = (sampler.generator.next(), sampler.generator.next())
    #expect(
      base.multiplied(by: k1, imageBy: k2) == base.multiplied(by: Fr(k1) + Endomorphism.lambda * Fr(k2)), "\(sampler)")
  }

  @Test func pointsOffTheCurve() {
    #expect(!G1Point.generator.bent.isOnCurve && !G2Point.generator.bent.isOnCurve)
    #expect(!G1Point(uncheckedX: 1, y: 3).isOnCurve)
  }
}

@Suite("Halved factors") struct EndomorphismTests {
  /// A half as a number of Fr.
  private func number(_ half: Endomorphism.Half) -> Fr {
    let magnitude = Fr(half.high) * Fr(2).power(64) + Fr(half.low)
    return half.isNegative ? -magnitude : magnitude
  }

  @Test func rootsOfOne() {
    let (lambda, beta) = (Endomorphism.lambda, Fp.beta)
    #expect(lambda != 1 && lambda * lambda + lambda + 1 == 0)
    #expect(beta != 1 && beta * beta + beta + 1 == 0 && Fp2.beta == beta.squared)
    for (left, right) in [
      (G1Point.generator.multiplied(by: lambda).x, G1Point.generator.x * beta)
    ] { #expect(left == right) }
    #expect(G2Point.generator.multiplied(by: lambda).x == G2Point.generator.x * Fp2.beta)
  }

  @Test("both halves have 127 bits and give the factor back, at the ends and within")
  func split() {
    var sampler = FieldSampler<ScalarParameters>()
    var factors: [Fr] = [0, 1, 2, -.one, -.one - .one, Endomorphism.lambda, -Endomorphism.lambda, Fr(.max)]
    for exponent in [63, 64, 125, 126, 127, 128, 200, 252, 253] as [UInt64] {
      let power = Fr(2).power(exponent)
      factors += [power, power - 1, power + 1, -power]
    }
    // Multiples of lambda lie at the corners of the lattice.
    for factor in 0..<20 as Range<UInt64> { factors.append(Endomorphism.lambda * Fr(factor) + Fr(factor)) }
    for _ in 0..<300 { factors.append(sampler.next()) }
    for factor in factors {
      let (first, second) = Endomorphism.split(factor.canonicalLimbs)
      #expect(number(first) + Endomorphism.lambda * number(second) == factor, "\(factor.decimal), \(sampler)")
      #expect(first.high >> 63 == 0 && second.high >> 63 == 0, "\(factor.decimal), \(sampler)")
    }
    let (small, none) = Endomorphism.split((77, 0, 0, 0))
    #expect(small == .init(low: 77, high: 0, isNegative: false) && none.low | none.high == 0)
  }

  @Test("digits are in range and add up", arguments: 2...14)
  func digits(width: Int) {
    var sampler = FieldSampler<ScalarParameters>()
    let digits = SignedDigits(width: width)
    var halves: [Endomorphism.Half] = [
      .init(low: 0, high: 0, isNegative: false), .init(low: .max, high: .max >> 1, isNegative: false),
      .init(low: .max, high: .max >> 1, isNegative: true), .init(low: 1, high: 0, isNegative: true),
    ]
    for _ in 0..<20 {
      let words = (sampler.generator.next(), sampler.generator.next())
      halves.append(.init(low: words.0, high: words.1 >> 1, isNegative: words.1 & 1 == 1))
    }
    for half in halves {
      var sum: Fr = 0
      digits.forEach(half) { window, digit in
        #expect(window < digits.windowCount && (1...digits.bucketCount).contains(Int(digit.magnitude)))
        let value = Fr(2).power(UInt64(window * width)) * Fr(UInt64(digit.magnitude))
        sum += digit > 0 ? value : -value
      }
      #expect(sum == number(half), "width \(width), \(sampler)")
    }
  }
}
