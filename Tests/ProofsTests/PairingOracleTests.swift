import TestSupport
import Testing

@testable import Proofs

/// Pairings and the group that they need against py_ecc, whose field of degree 12 is built another way.
@Suite("The pairing against py_ecc") struct PairingOracleTests {
  @Test("products of pairings as EIP-197 checks them, whole and broken; values; orders of points on the twist")
  func pairings() async throws {
    var generator = SeededGenerator()
    let seed = generator.next() >> 1
    var verdicts: [String: Set<String>] = [:]
    for line in try await Oracles.run("curve_oracle", ["\(seed)", "0", isLongRun ? "60" : "6"]) {
      let words = line.split(separator: " ").map(String.init)
      let comment: Comment = "\(generator), seed \(seed): \(line)"
      switch words[0] {
      case "product":
        let pairs = try points(words[3...], try #require(Int(words[2])))
        #expect(pairs.allSatisfy { $0.0.isOnCurve && $0.1.isOnCurve && $0.1.isInSubgroup }, comment)
        let product = MillerLoop.product(
          pairs.filter { !$0.0.isInfinity && !$0.1.isInfinity }.map { ($0.0, PreparedG2($0.1)) })
        #expect((FinalExponentiation.power(product) == .one) == (words[1] == "1"), comment)
      case "value":
        let pair = try points(words[13...], 1)[0]
        #expect(Pairing.value(pair.0, pair.1).flat.map(\.decimal) == Array(words[1...12]), comment)
      case "order":
        let point = try OraclePoints(words[2...]).g2(1)[0]
        #expect(point.isOnCurve, comment)
        #expect(point.isInSubgroup == (words[1] == "1"), comment)
      default: Issue.record("unknown: \(line)")
      }
      verdicts[words[0], default: []].insert(words[1])
    }
    #expect(verdicts["product"] == ["0", "1"] && verdicts["order"] == ["0", "1"])
    #expect(verdicts["value"]?.isEmpty == false)
  }

  private func points(_ words: ArraySlice<String>, _ count: Int) throws -> [(G1Point, G2Point)] {
    var reader = OraclePoints(words)
    return try (0..<count).map { _ in (try reader.g1(), try reader.g2()) }
  }
}

extension Fp12 {
  /// The coefficients of a polynomial in w alone: v = w^2, u = w^6 - 9.
  fileprivate var flat: [Fp] {
    var result = [Fp](repeating: .zero, count: 12)
    let parts = [c0.c0, c1.c0, c0.c1, c1.c1, c0.c2, c1.c2]
    for (power, part) in parts.enumerated() {
      result[power] += part.c0 - 9 * part.c1
      result[power + 6] += part.c1
    }
    return result
  }
}
