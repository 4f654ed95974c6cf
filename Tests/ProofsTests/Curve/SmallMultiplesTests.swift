import TestSupport
import Testing

@testable import Proofs

@Suite("Sums by small multiples") struct SmallMultiplesTests {
  private func naive(_ points: [G1Point], _ scalars: [Fr]) -> Jacobian<Fp> {
    zip(points, scalars).reduce(.infinity) { sum, term in
      let limbs = term.1.canonicalLimbs
      return sum + Jacobian(term.0).multiplied(byLimbs: [limbs.0, limbs.1, limbs.2, limbs.3])
    }
  }

  @Test("as one by one, again and again with other scalars", arguments: [0, 1, 2, 7])
  func sums(count: Int) {
    var sampler = PointSampler<Fp>()
    let points = (0..<count).map { _ in sampler.next() }
    let table = SmallMultiples(points)
    for _ in 0..<3 {
      let scalars = points.map { _ in sampler.scalars.next() }
      #expect(table.sum(scalars) == naive(points, scalars), "\(sampler)")
    }
  }

  @Test("every digit's ends, the ends of the field, and all zeros")
  func edges() {
    var sampler = PointSampler<Fp>()
    let point = sampler.next()
    let table = SmallMultiples([point])
    var scalars: [Fr] = [0, 1, -.one, Endomorphism.lambda, -Endomorphism.lambda, Endomorphism.lambda + 1, Fr(.max)]
    // Digits of four bits go from -7 to 8, here alone and followed by more.
    for digit in 2...17 as ClosedRange<UInt64> {
      scalars += [Fr(digit), Fr(digit << 4), Fr(digit) * Endomorphism.lambda]
    }
    for exponent in [124, 125, 126, 127, 128, 253] as [UInt64] {
      scalars += [Fr(2).power(exponent), Fr(2).power(exponent) - 1]
    }
    for scalar in scalars {
      #expect(table.sum([scalar]) == naive([point], [scalar]), "\(scalar.decimal), \(sampler)")
    }
  }

  @Test("equal and opposite points, and infinity, whose multiples are infinity")
  func meetings() {
    var sampler = PointSampler<Fp>()
    let (p, a) = (sampler.next(), sampler.scalars.next())
    #expect(SmallMultiples([p, -p]).sum([a, a]).isInfinity, "\(sampler)")
    #expect(SmallMultiples([p, p]).sum([a, -a]).isInfinity, "\(sampler)")
    #expect(SmallMultiples([p, p]).sum([a, a]).affine == p.multiplied(by: a + a), "\(sampler)")
    #expect(SmallMultiples([.infinity, p, .infinity]).sum([a, a, 3]).affine == p.multiplied(by: a), "\(sampler)")
    #expect(SmallMultiples([.infinity]).sum([a]).isInfinity)
  }
}
