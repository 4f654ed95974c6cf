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
      #expect(try MultiScalar.sum(points, scalars, sharing: Self.threads(width)) == expected, comment)
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

  @Test("many terms of the kinds that fill one bucket, leave windows empty, or cancel", arguments: [true, false])
  func kinds(isG1: Bool) throws {
    try inBothGroups(isG1, { try kinds(Fp.self, count: 120) }, { try kinds(Fp2.self, count: 16) })
  }

  private func kinds<F: CurveField>(_ field: F.Type, count: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let some = points(count, field)
    let value = sampler.next()
    let seed: Comment = "\(sampler)"
    // All scalars equal: the sum of the points, once multiplied.
    let total = some.reduce(Jacobian<F>.infinity) { $0 + $1 }
    #expect(try MultiScalar.sum(some, Array(repeating: value, count: count)) == total.multiplied(by: value), seed)
    #expect(try MultiScalar.sum(some, Array(repeating: -.one, count: count)) == -total, seed)
    #expect(try MultiScalar.sum(some, Array(repeating: .one, count: count)) == total, seed)
    #expect(try MultiScalar.sum(some, Array(repeating: .zero, count: count)).isInfinity)
    // One point for all: the sum of the scalars.
    let scalars = (0..<count).map { _ in sampler.next() }
    let same = Array(repeating: some[1], count: count)
    #expect(try MultiScalar.sum(same, scalars) == Jacobian(some[1]).multiplied(by: scalars.reduce(0, +)), seed)
    // Each point and its opposite with the same factor.
    #expect(try MultiScalar.sum(some + some.map { -$0 }, scalars + scalars).isInfinity, seed)
    #expect(try MultiScalar.sum(some + some, scalars + scalars.map { -$0 }).isInfinity, seed)
    #expect(try MultiScalar<F>.sum(Array(repeating: .infinity, count: count), scalars).isInfinity)
    // As in witnesses: bits, small and large numbers, powers of two and their neighbours, a wire that nothing uses.
    var mixed = some
    let witness = (0..<count).map { index -> Fr in
      if index % 7 == 3 { mixed[index] = .infinity }
      let power = Fr(2).power(UInt64(index % 254))
      return switch index % 6 {
      case 0: Fr(UInt64(index / 6 % 2))
      case 1: Fr(sampler.generator.next() >> UInt64(index % 64))
      case 2: sampler.next()
      case 3: power
      case 4: power - .one
      default: -power
      }
    }
    try check(mixed, witness, seed)
  }

  @Test("scalars may be any part of a list")
  func slice() throws {
    var sampler = FieldSampler<ScalarParameters>()
    let scalars = (0..<30).map { _ in sampler.next() }
    let some = points(9, Fp.self)
    #expect(try MultiScalar.sum(some, scalars[12..<21]) == naive(some, Array(scalars[12..<21])), "\(sampler)")
  }

  @Test(
    "more points than a group of windows holds: each size chooses another width",
    arguments: isLongRun ? [700, 2000, 5000] : [700])
  func large(count: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    // i-th point: 2^(i+1) - 1 times the generator, so that the sum is one multiple of it.
    let some = points(count, Fp.self)
    let scalars = (0..<count).map { _ in sampler.next() }
    var (factor, power) = (Fr.zero, Fr.one)
    for scalar in scalars {
      power += power
      factor += scalar * (power - .one)
    }
    let expected = Jacobian(G1Point.generator).multiplied(by: factor)
    #expect(try MultiScalar.sum(some, scalars) == expected, "\(sampler)")
    #expect(try MultiScalar.sum(some, scalars, sharing: Self.threads(3)) == expected, "\(sampler)")
  }

  private static func threads(_ width: Int) -> WorkSharing {
    WorkSharing(width: width) { count, part in
      DispatchQueue.concurrentPerform(iterations: count) { part($0) }
    }
  }

  @Test("a stop is noticed, whichever question it answers, the last one too", arguments: [1, 3])
  func stop(width: Int) throws {
    let some = points(300, Fp.self)
    let scalars = (1...300 as ClosedRange<UInt64>).map { -Fr($0) }
    let sharing = width == 1 ? WorkSharing.none : Self.threads(width)
    let questions = Atomic(0)
    _ = try MultiScalar.sum(some, scalars, sharing: sharing) {
      questions.add(1, ordering: .relaxed)
      return false
    }
    let parts = questions.load(ordering: .relaxed)
    #expect(parts >= max(2, width))
    for last in 1...parts {
      let asked = Atomic(0)
      #expect(throws: ProofsError.stopped) {
        try MultiScalar.sum(some, scalars, sharing: sharing) {
          asked.add(1, ordering: .relaxed).newValue >= last
        }
      }
    }
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

  @Test("a table of infinity; batches that are just full")
  func tableEdges() {
    #expect(FixedPointTable(G1Point.infinity).multiplied(by: [1, 2, -.one]) == Array(repeating: .infinity, count: 3))
    let table = FixedPointTable(G1Point.generator)
    for count in [255, 256, 257, 512] {
      let products = table.multiplied(by: Array(repeating: 2, count: count - 1) + [3])
      let (two, three) = (G1Point.generator.multiplied(by: 2), G1Point.generator.multiplied(by: 3))
      #expect(products == Array(repeating: two, count: count - 1) + [three])
    }
  }

  @Test("what other modules call: multiples of the generator and a sum of them, as many scalars as points")
  func surface() throws {
    var sampler = FieldSampler<ScalarParameters>()
    let (factors, scalars) = ((0..<5).map { _ in sampler.next() }, (0..<5).map { _ in sampler.next() })
    let some = G1Point.multiples(ofGeneratorBy: factors)
    #expect(some == factors.map { G1Point.generator.multiplied(by: $0) }, "\(sampler)")
    let product = zip(factors, scalars).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    #expect(try G1Point.sum(some, times: scalars) == G1Point.generator.multiplied(by: product), "\(sampler)")
    #expect(throws: ProofsError.wrongWireCount(expected: 5, actual: 4)) {
      try G1Point.sum(some, times: scalars.dropLast())
    }
    #expect(throws: ProofsError.wrongWireCount(expected: 0, actual: 1)) { try G1Point.sum([], times: [1]) }
    #expect(try G1Point.sum([], times: []) == .infinity)
  }
}
