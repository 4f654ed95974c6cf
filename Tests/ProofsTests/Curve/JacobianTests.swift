import TestSupport
import Testing

@testable import Proofs

/// The formulas for points with a z of their own, where the cases of equal and opposite points hide behind it.
@Suite("Points by three coordinates") struct JacobianTests {
  @Test("the same point whatever its z: equality, sums, doubles, back to two coordinates", arguments: [true, false])
  func coordinates(isG1: Bool) { inBothGroups(isG1, { coordinates(Fp.self) }, { coordinates(Fp2.self) }) }

  private func coordinates<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    for _ in 0..<5 {
      let (p, q) = (sampler.next(), sampler.next())
      let (p1, p2, q1) = (sampler.shifted(p), sampler.shifted(p), sampler.shifted(q))
      let comment: Comment = "\(sampler)"
      #expect(p1.z != p2.z && p1 == p2 && p1 == Jacobian(p) && p1.affine == p, comment)
      #expect(!(p1 == q1) && !(p1 == -p2) && !(p1 == .infinity) && !(.infinity == p1), comment)
      let sum = (Jacobian(p) + q).affine
      #expect((p1 + q1).affine == sum && (q1 + p2).affine == sum && (p1 + q).affine == sum, comment)
      #expect(sum.isOnCurve && (p1.doubled).affine.isOnCurve, comment)
      // An addition that meets its own point must notice, whatever both z are.
      #expect(p1 + p2 == p2.doubled && p1 + p == p2.doubled && p1 + p1 == p2.doubled, comment)
      #expect((p1 + -p2).isInfinity && (p1 + -p).isInfinity && (-p1 + p2).isInfinity, comment)
      #expect((p1 + q1) + -q1 == p1 && (p1 + q1) + -q == p2, comment)
      var changed = p1
      changed += q1
      changed += q
      #expect(changed == p2 + q1.doubled, comment)
    }
  }

  @Test("infinity has any x and y", arguments: [true, false])
  func infinity(isG1: Bool) { inBothGroups(isG1, { infinity(Fp.self) }, { infinity(Fp2.self) }) }

  private func infinity<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    let point = sampler.next()
    // What P - P leaves behind, and what is made of the two zeros.
    for none in [Jacobian(point) + -point, Jacobian(.infinity), Jacobian(x: point.x, y: point.y, z: .zero)] {
      #expect(none.isInfinity && none == .infinity && none.affine == .infinity && none.doubled.isInfinity)
      #expect((-none).isInfinity && none.multiplied(by: 7).isInfinity && none.multiplied(byLimbs: [7]).isInfinity)
      #expect(
        (none + none).isInfinity && none + point == Jacobian(point) && none + sampler.shifted(point) == Jacobian(point))
      #expect(sampler.shifted(point) + none == Jacobian(point), "\(sampler)")
      #expect((none + Affine<F>.infinity).isInfinity)
    }
    #expect(Jacobian<F>.affine([]).isEmpty)
    #expect(Jacobian<F>.affine([.infinity, .infinity]) == [.infinity, .infinity])
    #expect(-Affine<F>.infinity == .infinity)
  }

  @Test("multiplication spreads over sums of scalars, of points, and over products", arguments: [true, false])
  func multiplication(isG1: Bool) { inBothGroups(isG1, { multiplication(Fp.self) }, { multiplication(Fp2.self) }) }

  private func multiplication<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    for _ in 0..<3 {
      let (p, q) = (sampler.next(), sampler.next())
      let (a, b) = (sampler.scalars.next(), sampler.scalars.next())
      let (pz, comment) = (sampler.shifted(p), "\(sampler)" as Comment)
      #expect(pz.multiplied(by: a) + pz.multiplied(by: b) == pz.multiplied(by: a + b), comment)
      #expect((pz + q).multiplied(by: a) == pz.multiplied(by: a) + Jacobian(q).multiplied(by: a), comment)
      #expect(p.multiplied(by: a).multiplied(by: b) == p.multiplied(by: a * b), comment)
      #expect(p.multiplied(by: -a) == -p.multiplied(by: a), comment)
    }
  }

  @Test("limbs beyond r count round and round; none give infinity", arguments: [true, false])
  func limbs(isG1: Bool) { inBothGroups(isG1, { limbs(Fp.self) }, { limbs(Fp2.self) }) }

  private func limbs<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    let point = Jacobian(sampler.next())
    #expect(point.multiplied(byLimbs: []).isInfinity && point.multiplied(byLimbs: [0, 0, 0, 0, 0]).isInfinity)
    // 2^256 - 1 is far above r.
    #expect(
      point.multiplied(byLimbs: [.max, .max, .max, .max]) == point.multiplied(by: Fr(2).power(256) - 1), "\(sampler)")
    #expect(point.multiplied(byLimbs: [5, 0, 0, 0, 1]) == point.multiplied(by: Fr(2).power(256) + 5), "\(sampler)")
  }
}
