import TestSupport
import Testing

@testable import Proofs

/// Points and their sums and multiples against py_ecc, which shares nothing with our arithmetic.
@Suite("The curve against py_ecc") struct CurveOracleTests {
  @Test("100 sums and 100 multiples in G1, 25 of each on the twist, infinity and opposites among them")
  func groups() async throws {
    var generator = SeededGenerator()
    let seed = generator.next() >> 1
    var lines = 0
    var products: (g1: [Product<Fp>], g2: [Product<Fp2>]) = ([], [])
    for line in try await Oracles.run("curve_oracle", ["\(seed)", "100", "0"]) {
      let words = line.split(separator: " ").map(String.init)
      let comment: Comment = "\(generator), seed \(seed): \(line)"
      switch words[0] {
      case "sum": try checkSum(OraclePoints(words[1...]).g1(3), comment)
      case "twist": try checkSum(OraclePoints(words[1...]).g2(3), comment)
      case "multiple": products.g1.append(try checkMultiple(words[1], OraclePoints(words[2...]).g1(2), comment))
      case "twist-multiple": products.g2.append(try checkMultiple(words[1], OraclePoints(words[2...]).g2(2), comment))
      default: Issue.record("unknown: \(line)")
      }
      lines += 1
    }
    #expect(lines == 250)
    try checkSumOfProducts(products.g1, "\(generator)")
    try checkSumOfProducts(products.g2, "\(generator)")
  }

  private typealias Product<F: CurveField> = (point: Affine<F>, factor: Fr, result: Affine<F>)

  private func checkSum<F: CurveField>(_ points: [Affine<F>], _ comment: Comment) {
    let areOnCurve = points.allSatisfy { $0.isOnCurve }
    #expect(areOnCurve, comment)
    let (left, right) = (Jacobian(points[0]), Jacobian(points[1]))
    #expect((left + points[1]).affine == points[2], comment)
    // With a z that is not 1, on both sides.
    let shifted = (left + right + left) + -left
    #expect(shifted.affine == points[2], comment)
    if points[0] == points[1] { #expect(left.doubled.affine == points[2], comment) }
  }

  private func checkMultiple<F: CurveField>(
    _ text: String, _ points: [Affine<F>], _ comment: Comment
  ) throws -> Product<F> {
    let factor = try Fr(decimal: text)
    let limbs = factor.canonicalLimbs
    let product = Jacobian(points[0]).multiplied(byLimbs: [limbs.0, limbs.1, limbs.2, limbs.3])
    #expect(product.affine == points[1], comment)
    return (points[0], factor, points[1])
  }

  private func checkSumOfProducts<F: CurveField>(_ products: [Product<F>], _ comment: Comment) throws {
    let expected = products.reduce(Jacobian<F>.infinity) { $0 + $1.result }
    let sum = try MultiScalar.sum(products.map(\.point), products.map(\.factor))
    #expect(sum == expected, comment)
  }
}

/// Reads points from an oracle's decimal numbers.
struct OraclePoints {
  private var numbers: ArraySlice<String>

  init(_ numbers: ArraySlice<String>) { self.numbers = numbers }

  mutating func g1() throws -> G1Point { G1Point(uncheckedX: try next(), y: try next()) }

  mutating func g2() throws -> G2Point {
    G2Point(uncheckedX: Fp2(try next(), try next()), y: Fp2(try next(), try next()))
  }

  func g1(_ count: Int) throws -> [G1Point] {
    var reader = self
    return try (0..<count).map { _ in try reader.g1() }
  }

  func g2(_ count: Int) throws -> [G2Point] {
    var reader = self
    return try (0..<count).map { _ in try reader.g2() }
  }

  private mutating func next() throws -> Fp {
    let word = numbers.popFirst()
    return try Fp(decimal: try #require(word))
  }
}
