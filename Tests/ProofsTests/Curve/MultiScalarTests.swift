import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Proofs

@Suite("Sums of points times scalars") struct MultiScalarTests {
  /// Different points of order r, found by additions.
  private func points<F: CurveField>(_ count: Int, _ field: F.Type) -> [Affine<F>] {
    var point = Jacobian(Affine<F>.generator)
    var points: [Jacobian<F>] = []
    for _ in 0..<count {
      points.append(point)
      point = point.doubled + Affine<F>.generator
    }
    return Jacobian.affine(points)
  }

  private func naive<F: CurveField>(_ points: [Affine<F>], _ scalars: [Fr]) -> Jacobian<F> {
    zip(points, scalars).reduce(Jacobian<F>.infinity) { $0 + Jacobian($1.0).multiplied(by: $1.1) }
  }

  private func check<F: CurveField>(_ points: [Affine<F>], _ scalars: [Fr], _ comment: Comment) throws {
    let expected = naive(points, scalars)
    #expect(try MultiScalar.sum(points, scalars) == expected, comment)
    for width in [2, 3] {
      let sharing = WorkSharing(width: width) { count, part in
        DispatchQueue.concurrentPerform(iterations: count) { part($0) }
      }
      #expect(try MultiScalar.sum(points, scalars, sharing: sharing) == expected, comment)
    }
  }

  @Test("as one by one, in G1", arguments: [0, 1, 2, 3, 50, 300])
  func g1(count: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    try check(points(count, Fp.self), (0..<count).map { _ in sampler.next() }, "\(sampler)")
  }

  @Test("as one by one, in G2", arguments: [0, 1, 2, 40])
  func g2(count: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    try check(points(count, Fp2.self), (0..<count).map { _ in sampler.next() }, "\(sampler)")
  }

  @Test("zeros, ones, r - 1, equal points, opposite points and infinity")
  func edges() throws {
    let some = points(8, Fp.self)
    let (p, q) = (some[3], some[5])
    let cases: [([G1Point], [Fr])] = [
      (some, Array(repeating: 0, count: 8)), (some, Array(repeating: 1, count: 8)),
      (some, Array(repeating: -.one, count: 8)), (some, Array(repeating: 77, count: 8)),
      (Array(repeating: p, count: 8), Array(repeating: 5, count: 8)),
      (Array(repeating: p, count: 7), [1, 2, 4, 8, 16, 32, 64]), ([p, -p], [3, 3]), ([p, -p, q], [3, 3, 1]),
      ([p, p, -p, -p], [1, 1, 1, 1]), ([p, p], [1, -.one]), ([.infinity, p, .infinity], [9, 2, -.one]),
      ([.infinity, .infinity], [1, 1]), ([p, q, -p, -q, p], [1, 1, 1, 1, 1]),
      // P + P meets -2P in one bucket: the sum of a pair is infinity in the middle of it.
      ([p, p, (-Jacobian(p).doubled).affine, q], [6, 6, 6, 6]), ([p, q], [Endomorphism.lambda, -Endomorphism.lambda]),
    ]
    for (index, (points, scalars)) in cases.enumerated() { try check(points, scalars, "case \(index)") }
  }

  @Test("a stop is noticed")
  func stop() throws {
    let some = points(20, Fp.self)
    let scalars = (1...20 as ClosedRange<UInt64>).map { Fr($0) }
    let asked = Atomic(0)
    #expect(throws: ProofsError.stopped) {
      try MultiScalar.sum(some, scalars) {
        asked.add(1, ordering: .relaxed)
        return true
      }
    }
    #expect(asked.load(ordering: .relaxed) >= 1)
  }

  @Test("multiples of one point by its table", arguments: [true, false])
  func table(isG1: Bool) {
    if isG1 { table(Fp.self) } else { table(Fp2.self) }
  }

  private func table<F: CurveField>(_ field: F.Type) {
    var sampler = FieldSampler<ScalarParameters>()
    let generator = Affine<F>.generator
    var scalars: [Fr] = [0, 1, 2, -.one, 128, 129, 0, Endomorphism.lambda]
    // More than one batch.
    while scalars.count < 260 { scalars.append(scalars.count < 20 ? sampler.next() : Fr(UInt64(scalars.count))) }
    let products = FixedPointTable(generator).multiplied(by: scalars)
    #expect(products.count == scalars.count)
    for (product, scalar) in zip(products, scalars).prefix(24) {
      #expect(product == generator.multiplied(by: scalar), "\(sampler)")
    }
    for (product, scalar) in zip(products, scalars).suffix(6) { #expect(product == generator.multiplied(by: scalar)) }
    #expect(FixedPointTable(generator).multiplied(by: []).isEmpty)
  }
}
