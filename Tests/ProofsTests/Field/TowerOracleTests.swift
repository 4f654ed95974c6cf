import TestSupport
import Testing

@testable import Proofs

/// The tower against polynomials in u and w that Python multiplies term by term: no tower and no formula in common.
@Suite("The tower against Python") struct TowerOracleTests {
  /// A number is the list of the coefficients of w^0 to w^5, each a pair for 1 and u; u^2 = -1 and w^6 = 9 + u. Fp2 and Fp6
  /// are the numbers in which only w^0, or only even powers of w, appear.
  private static let program = """
    import random, sys
    p, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    def times(a, b):
        terms = {}
        for i in range(6):
            for j in range(6):
                for s in range(2):
                    for t in range(2):
                        key = (i + j, s + t)
                        terms[key] = terms.get(key, 0) + a[i][s] * b[j][t]
        for power in range(10, 5, -1):
            for of_u in range(3):
                value = terms.pop((power, of_u), 0)
                for more, factor in ((0, 9), (1, 1)):
                    key = (power - 6, of_u + more)
                    terms[key] = terms.get(key, 0) + factor * value
        for (power, of_u) in sorted(terms, reverse=True, key=lambda key: key[1]):
            if of_u > 1:
                key = (power, of_u - 2)
                terms[key] = terms.get(key, 0) - terms[(power, of_u)]
        return [[terms.get((i, s), 0) % p for s in range(2)] for i in range(6)]
    def power(a, e):
        result = [[1, 0]] + [[0, 0]] * 5
        for bit in bin(e)[2:]:
            result = times(result, result)
            if bit == "1": result = times(result, a)
        return result
    edges = [0, 1, 2, p - 1, p - 2, (p - 1) // 2]
    def pick(powers):
        wild = rng.randrange(3)
        number = lambda: rng.choice(edges) if wild == 0 else rng.randrange(p)
        return [[number(), number()] if i in powers else [0, 0] for i in range(6)]
    def put(name, *numbers):
        print(name, *(part for number in numbers for pair in number for part in pair))
    for name, powers in (("fp2", [0]), ("fp6", [0, 2, 4]), ("fp12", range(6))):
        for _ in range(60):
            a, b = pick(powers), pick(powers)
            put(name, a, b, times(a, b), times(a, a))
    for _ in range(3):
        a = pick(range(6))
        b = power(a, p)
        put("frobenius", a, b, power(b, p))
    """

  @Test("180 products and squares and three powers of p are Python's")
  func products() async throws {
    var generator = SeededGenerator()
    let seed = generator.next() >> 1
    let output = try await Tool.output(of: "python3", ["-c", Self.program, primeOfFp, "\(seed)"])
    var lines: [String: Int] = [:]
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let numbers = try words[1...].map { try Fp(decimal: $0) }
      let values = stride(from: 0, to: numbers.count, by: 12).map { Self.number(numbers[$0..<($0 + 12)]) }
      let comment: Comment = "\(generator), seed \(seed): \(line)"
      switch words[0] {
      case "frobenius":
        #expect(values[0].frobenius == values[1] && values[0].frobeniusSquared == values[2], comment)
      case "fp2":
        let (a, b) = (values[0].c0.c0, values[1].c0.c0)
        #expect(a * b == values[2].c0.c0 && a.squared == values[3].c0.c0, comment)
        fallthrough
      case "fp6":
        #expect(values[0].c0 * values[1].c0 == values[2].c0, comment)
        fallthrough
      case "fp12":
        #expect(values[0] * values[1] == values[2] && values[0].squared == values[3], comment)
      default: Issue.record("unknown: \(line)")
      }
      lines[words[0], default: 0] += 1
    }
    #expect(lines == ["fp2": 60, "fp6": 60, "fp12": 60, "frobenius": 3])
  }

  /// v is w^2: the even powers of w are Fp6's, the odd ones w times them.
  private static func number(_ parts: ArraySlice<Fp>) -> Fp12 {
    let parts = Array(parts)
    func of(_ power: Int) -> Fp2 { Fp2(parts[2 * power], parts[2 * power + 1]) }
    return Fp12(Fp6(of(0), of(2), of(4)), Fp6(of(1), of(3), of(5)))
  }
}
