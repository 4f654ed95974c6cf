import TestSupport
import Testing

@testable import Proofs

/// The endomorphism's constants and the halves of factors against Python's integers.
@Suite("Halved factors against Python") struct EndomorphismOracleTests {
  /// Computes the cube roots of one and the short basis of the lattice anew, from p and r alone, and splits factors by exact
  /// fractions. Which of two cube roots is meant is read from `lambda` and `beta`; both give a right endomorphism.
  private static let program = """
    import random, sys
    from fractions import Fraction
    p, r, given_lambda, given_beta, seed = map(int, sys.argv[1:])
    rng = random.Random(seed)
    def cube_roots(m):
        g = next(g for g in range(2, 99) if pow(g, (m - 1) // 3, m) != 1)
        return [pow(g, (m - 1) // 3, m), pow(g, 2 * (m - 1) // 3, m)]
    roots = cube_roots(r)
    assert all((root * root + root + 1) % r == 0 for root in roots)
    print("constants", int(given_lambda in roots), int(given_beta in cube_roots(p)))
    # Two short vectors (x, y) with x + lambda y = 0, by Euclid's steps down to the root of r.
    a, b, rows = (r, 0), (given_lambda, 1), []
    while b[0]:
        rows.append((b[0], -b[1]))
        q = a[0] // b[0]
        a, b = b, (a[0] - q * b[0], a[1] - q * b[1])
    short = sorted((row for row in rows if row[0] + abs(row[1]) < 2**130), key=lambda row: row[0]**2 + row[1]**2)[:2]
    (x1, y1), (x2, y2) = short
    assert all((x + given_lambda * y) % r == 0 for x, y in short) and abs(x1 * y2 - x2 * y1) == r
    # Turned so that (k, 0) lies between them.
    if y2 * (x1 * y2 - x2 * y1) < 0: x1, y1 = -x1, -y1
    if y1 * (x1 * y2 - x2 * y1) > 0: x2, y2 = -x2, -y2
    # Multiples by a reciprocal to 2^-256: how many of each vector are taken away, and how far out that leaves a half.
    reciprocal1, reciprocal2 = (2**256 * abs(y) // r for y in (y2, y1))
    def halves(k):
        c1, c2 = k * reciprocal1 >> 256, k * reciprocal2 >> 256
        return k - c1 * x1 - c2 * x2, -c1 * y1 - c2 * y2
    most1, most2 = (1 + (Fraction(2**256 * abs(y), r) - reciprocal) * Fraction(r - 1, 2**256)
                    for y, reciprocal in ((y2, reciprocal1), (y1, reciprocal2)))
    print("bounds", *(int(most1 * abs(part1) + most2 * abs(part2) < 2**127) for part1, part2 in ((x1, x2), (y1, y2))))
    factors = [0, 1, 2, 3, r - 1, r - 2, (r - 1) // 2, (r + 1) // 2, given_lambda, r - given_lambda, r // 3, 2 * r // 3]
    factors += [(power + by) % r for bit in (63, 64, 125, 126, 127, 128, 191, 192, 253) for power in (2**bit,) for by in (-1, 0, 1)]
    # Just inside and outside the corners of the lattice's cell, where the rounding decides.
    for m, n in ((0, 0), (1, 0), (0, 1), (1, 1), (-1, 0), (0, -1), (-1, -1)):
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                factors.append((m * x1 + n * x2 + dx + given_lambda * (m * y1 + n * y2 + dy)) % r)
    # Where k |y| / r is just above a whole number, which the rounded factor may miss.
    for y in (abs(y1), abs(y2)):
        for _ in range(60):
            whole = rng.randrange(1, y) if rng.randrange(2) else y - rng.randrange(1, 1 << 20)
            nearest = -(-whole * r // y)
            factors += [(nearest + by) % r for by in (-1, 0, 1)]
    factors += [rng.randrange(r) for _ in range(300)]
    for k in factors:
        print("factor", k, *halves(k))
    """

  @Test("the constants are cube roots of one; no factor has a half of more than 127 bits; halves give factors back")
  func halves() async throws {
    var generator = SeededGenerator()
    let seed = generator.next() >> 1
    let arguments = [
      primeOfFp, primeOfFr, Endomorphism.lambda.decimal, Fp.beta.decimal, "\(seed)",
    ]
    let output = try await Tool.output(of: "python3", ["-c", Self.program] + arguments)
    var (facts, factors) = (0, 0)
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let comment: Comment = "\(generator), seed \(seed): \(line)"
      if words[0] != "factor" {
        #expect(words[1...] == ["1", "1"], comment)
        facts += 1
        continue
      }
      factors += 1
      let factor = try Fr(decimal: words[1])
      let (first, second) = Endomorphism.split(factor.canonicalLimbs)
      #expect(first.number + Endomorphism.lambda * second.number == factor, comment)
      #expect(first.high >> 63 == 0 && second.high >> 63 == 0, comment)
      let expected = try [Self.signed(words[2]), Self.signed(words[3])]
      #expect([first.number, second.number] == expected, comment)
    }
    #expect(facts == 2 && factors == 12 + 27 + 63 + 360 + 300)
  }

  private static func signed(_ text: String) throws -> Fr {
    text.hasPrefix("-") ? -(try Fr(decimal: String(text.dropFirst()))) : try Fr(decimal: text)
  }

  @Test("lambda and beta belong together, in both groups: points of order r, not only generators")
  func image() {
    var sampler = FieldSampler<ScalarParameters>()
    let g1 = G1Point.generator.multiplied(by: sampler.next())
    let g2 = G2Point.generator.multiplied(by: sampler.next())
    let lambda = Endomorphism.lambda.canonicalLimbs
    let limbs = [lambda.0, lambda.1, lambda.2, lambda.3]
    // The long multiplication does not use the endomorphism.
    #expect(
      Jacobian(g1).multiplied(byLimbs: limbs).affine == G1Point(uncheckedX: g1.x.scaled(by: Fp.beta), y: g1.y),
      "\(sampler)")
    #expect(
      Jacobian(g2).multiplied(byLimbs: limbs).affine == G2Point(uncheckedX: g2.x.scaled(by: Fp2.beta), y: g2.y),
      "\(sampler)")
  }
}

extension Endomorphism.Half {
  /// The half as a number of Fr.
  fileprivate var number: Fr {
    let magnitude = Fr(high) * Fr(2).power(64) + Fr(low)
    return isNegative ? -magnitude : magnitude
  }
}
