import TestSupport
import Testing

@testable import Proofs

/// Our arithmetic against Python's integers, which share nothing with it.
@Suite struct FieldOracleTests {
  private static let program = """
    import random, sys
    p, seed, count = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    edges = [0, 1, 2, p - 1, p - 2, (p - 1) // 2, (p + 1) // 2, 2**64 - 1, 2**64, 2**128, 2**192, 2**253]
    def pick():
        kind = rng.randrange(4)
        if kind == 0: return rng.choice(edges)
        if kind == 1: return rng.getrandbits(rng.randrange(1, 254)) % p
        return rng.randrange(p)
    for _ in range(count):
        a, b = pick(), pick()
        print(a, b, (a + b) % p, (a - b) % p, a * b % p, a * a % p, -a % p)
    for _ in range(60):
        a, e = pick(), rng.getrandbits(64)
        print("power", a, e, pow(a, e, p), pow(a, -1, p) if a else 0)
    for _ in range(400):
        n = rng.getrandbits(512) if rng.randrange(4) else 2**512 - 1 - rng.getrandbits(8)
        print("reduce", n.to_bytes(64, "big").hex(), n % p)
    """

  @Test("10,000 sums, differences, products, squares and negations are Python's", arguments: [primeOfFr, primeOfFp])
  func operations(prime: String) async throws {
    if prime == primeOfFr {
      try await check(Fr.self, prime)
    } else {
      try await check(Fp.self, prime)
    }
  }

  private func check<P: PrimeParameters>(_ field: Mont<P>.Type, _ prime: String) async throws {
    let seed = 20_240_817
    let output = try await Tool.output(of: "python3", ["-c", Self.program, prime, "\(seed)", "2000"])
    var lines = 0
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      lines += 1
      let comment: Comment = "\(P.name), seed \(seed): \(line)"
      switch words[0] {
      case "power":
        let value = try Mont<P>(decimal: words[1])
        #expect(value.power(UInt64(words[2]) ?? 0).decimal == words[3], comment)
        #expect(value.inverse.decimal == words[4], comment)
      case "reduce":
        #expect(try Mont<P>(reducing: Self.bytes(words[1])).decimal == words[2], comment)
      default:
        let a = try Mont<P>(decimal: words[0])
        let b = try Mont<P>(decimal: words[1])
        let results = [a + b, a - b, a * b, a.squared, -a].map(\.decimal)
        if results != Array(words[2...]) { Issue.record(comment) }
      }
    }
    #expect(lines == 2460)
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
