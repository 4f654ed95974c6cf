import TestSupport
import Testing

@testable import Proofs

@Suite("Sums by bucket") struct BucketSumsTests {
  private typealias Entry<F: CurveField> = BucketSums<F>.Entry

  /// The sums one by one, by other formulas.
  private func naive<F: CurveField>(_ entries: [Entry<F>], _ points: [Affine<F>], _ buckets: Int) -> [Affine<F>] {
    var sums = [Jacobian<F>](repeating: .infinity, count: buckets)
    for entry in entries {
      let point = entry.point >= 0 ? points[Int(entry.point)] : -points[Int(~entry.point)]
      sums[Int(entry.bucket)] += point
    }
    return sums.map(\.affine)
  }

  @Test("no entries, no buckets, gaps before, between and after", arguments: [true, false])
  func gaps(isG1: Bool) { inBothGroups(isG1, { gaps(Fp.self) }, { gaps(Fp2.self) }) }

  private func gaps<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    let points = (0..<4).map { _ in sampler.next() }
    #expect(BucketSums<F>.sums([], of: points, buckets: 0).isEmpty)
    #expect(BucketSums<F>.sums([], of: [], buckets: 3) == Array(repeating: .infinity, count: 3))
    let single = BucketSums<F>.sums([.init(bucket: 2, point: ~1)], of: points, buckets: 5)
    #expect(single == [.infinity, .infinity, -points[1], .infinity, .infinity], "\(sampler)")
    let entries: [Entry<F>] = [
      .init(bucket: 4, point: 0), .init(bucket: 1, point: ~0), .init(bucket: 4, point: 3), .init(bucket: 1, point: 2),
      .init(bucket: 4, point: ~2),
    ]
    #expect(BucketSums<F>.sums(entries, of: points, buckets: 7) == naive(entries, points, 7), "\(sampler)")
  }

  @Test("buckets of 1 to 33 entries: odd ones move along through every round", arguments: [true, false])
  func lengths(isG1: Bool) { inBothGroups(isG1, { lengths(Fp.self) }, { lengths(Fp2.self) }) }

  private func lengths<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    let points = (0..<33).map { _ in sampler.next() }
    var entries: [Entry<F>] = []
    for bucket in Int32(0)..<33 {
      for point in 0...bucket { entries.append(.init(bucket: bucket, point: point % 3 == 1 ? ~point : point)) }
    }
    entries.shuffle(using: &sampler.scalars.generator)
    #expect(BucketSums<F>.sums(entries, of: points, buckets: 33) == naive(entries, points, 33), "\(sampler)")
  }

  /// All words of a length over few points that meet as equal, as opposite, as twice the other and as infinity, so that each
  /// case arises in each round and at each place.
  @Test("all sums of four of P, -P, 2P, -2P and infinity", arguments: [true, false])
  func collisions(isG1: Bool) { inBothGroups(isG1, { collisions(Fp.self) }, { collisions(Fp2.self) }) }

  private func collisions<F: CurveField>(_ field: F.Type) {
    var sampler = PointSampler<F>()
    let point = sampler.next()
    let points = [point, Jacobian(point).doubled.affine, .infinity]
    let letters: [Int32] = [0, ~0, 1, ~1, 2, ~2]
    var entries: [Entry<F>] = []
    let words = 6 * 6 * 6 * 6
    for word in 0..<words {
      var rest = word
      for _ in 0..<4 {
        entries.append(.init(bucket: Int32(word), point: letters[rest % 6]))
        rest /= 6
      }
    }
    #expect(BucketSums<F>.sums(entries, of: points, buckets: words) == naive(entries, points, words), "\(sampler)")
  }

  @Test("long buckets of few points, as equal scalars make them", arguments: 0..<8)
  func few(round: Int) {
    var sampler = PointSampler<Fp>()
    var points = (0..<3).map { _ in sampler.next() }
    points += [-points[0], Jacobian(points[1]).doubled.affine, .infinity]
    var entries: [Entry<Fp>] = []
    for _ in 0..<200 {
      let point = Int32.random(in: 0..<6, using: &sampler.scalars.generator)
      let isNegative = Bool.random(using: &sampler.scalars.generator)
      let bucket = Int32.random(in: 0..<(1 << Int32(round)), using: &sampler.scalars.generator)
      entries.append(.init(bucket: bucket, point: isNegative ? ~point : point))
    }
    let buckets = 1 << round
    #expect(BucketSums<Fp>.sums(entries, of: points, buckets: buckets) == naive(entries, points, buckets), "\(sampler)")
  }
}
