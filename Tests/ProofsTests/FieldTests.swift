import Testing

@testable import Proofs

/// The moduli as the literature prints them, apart from the limbs in the source.
let primeOfFr = "21888242871839275222246405745257275088548364400416034343698204186575808495617"
let primeOfFp = "21888242871839275222246405745257275088696311157297823662689037894645226208583"

/// What must hold in any prime field, run for both.
@Suite struct FieldTests {
  @Test("the laws of a field hold for random numbers and the edges")
  func laws() {
    checkLaws(Fr.self)
    checkLaws(Fp.self)
  }

  private func checkLaws<P: PrimeParameters>(_ field: Mont<P>.Type) {
    var random = FieldSampler<P>(seed: 5)
    let edges: [Mont<P>] = [.zero, .one, -.one, Mont(2), Mont(.max)]
    for round in 0..<300 {
      let a = round < 25 ? edges[round % 5] : random.next()
      let b = round < 25 ? edges[round / 5] : random.next()
      let c = random.next()
      let comment: Comment = "\(P.name), round \(round), \(random)"
      #expect(a + b == b + a, comment)
      #expect(a * b == b * a, comment)
      #expect((a + b) + c == a + (b + c), comment)
      #expect((a * b) * c == a * (b * c), comment)
      #expect((a + b) * c == a * c + b * c, comment)
      #expect(a - b == a + -b, comment)
      #expect(a - a == .zero, comment)
      #expect(a + .zero == a, comment)
      #expect(a * .one == a, comment)
      #expect(a * .zero == .zero, comment)
      #expect(a.squared == a * a, comment)
      #expect((a + b).squared == a.squared + a * b + a * b + b.squared, comment)
      var sum = a
      sum += b
      sum -= c
      sum *= a
      #expect(sum == (a + b - c) * a, comment)
    }
  }

  @Test("a number times its inverse is 1, and 0 has none")
  func inverse() {
    var random = FieldSampler<ScalarParameters>(seed: 6)
    for _ in 0..<50 {
      let value = random.next()
      #expect(value * value.inverse == (value.isZero ? .zero : .one), "\(random)")
    }
    #expect(Fr.zero.inverse == .zero)
    #expect(Fr.one.inverse == .one)
    #expect((-Fr.one).inverse == -Fr.one)
    #expect(Fp(2) * Fp(2).inverse == .one)
  }

  @Test("inverting many at once equals inverting each, with zeros anywhere")
  func batchInverse() {
    var random = FieldSampler<ScalarParameters>(seed: 7)
    for count in [0, 1, 2, 7, 20] {
      var values = (0..<count).map { $0 % 3 == 1 ? Fr.zero : random.next() }
      let expected = values.map(\.inverse)
      Fr.invert(&values)
      #expect(values == expected, "\(count) numbers, \(random)")
    }
    var zeros: [Fr] = [0, 0]
    Fr.invert(&zeros)
    #expect(zeros == [0, 0])
  }

  @Test("powers are repeated products")
  func powers() {
    let value: Fr = 3
    #expect(value.power(0) == .one)
    #expect(Fr.zero.power(0) == .one)
    #expect(Fr.zero.power(9) == .zero)
    var product = Fr.one
    for exponent in UInt64(0)..<70 {
      #expect(value.power(exponent) == product)
      product *= value
    }
    #expect(value.power(limbs: [0, 1]) == value.power(1 << 32).power(1 << 32))
    #expect(value.power(limbs: []) == .one)
  }

  @Test("Fermat: the power of the modulus less 1 is 1, and 5 makes the root of unity of 2^28")
  func fermat() throws {
    let order = [
      ScalarParameters.modulus0 - 1, ScalarParameters.modulus1, ScalarParameters.modulus2, ScalarParameters.modulus3,
    ]
    #expect(Fr(5).power(limbs: order) == .one)
    // (r - 1) / 2^28
    let exponent = (0..<4).map { order[$0] >> 28 | ($0 < 3 ? order[$0 + 1] << 36 : 0) }
    let root = Fr(5).power(limbs: exponent)
    #expect(root.decimal == "19103219067921713944291392827692070036145651957329286315305642004821462161904")
    #expect(root.power(1 << 28) == .one)
    #expect(root.power(1 << 27) == -.one)
  }

  @Test("the constants of Montgomery's form belong to the moduli")
  func constants() throws {
    try checkConstants(Fr.self, prime: primeOfFr)
    try checkConstants(Fp.self, prime: primeOfFp)
  }

  private func checkConstants<P: PrimeParameters>(_ field: Mont<P>.Type, prime: String) throws {
    #expect((-Mont<P>.one + .one).isZero)
    #expect(P.negatedInverse &* P.modulus0 == .max)
    #expect(Mont<P>(1) == .one)
    #expect(Mont<P>.one.canonicalLimbs == (1, 0, 0, 0))
    #expect(throws: ProofsError.notCanonical) { try Mont<P>(decimal: prime) }
    let last = try Mont<P>(decimal: String(prime.dropLast()) + String(Int(String(prime.suffix(1)))! - 1))
    #expect(last == -.one)
    // 2^256 by doubling is the number whose Montgomery form the radix would be one step further.
    let doubled = (0..<256).reduce(Mont<P>.one) { value, _ in value + value }
    #expect(doubled.montgomeryLimbs == P.radixSquared)
  }

  @Test("no description or dump shows a number")
  func redaction() {
    let value = Fr(8_675_309)
    var dumped = ""
    dump([value], to: &dumped)
    for text in ["\(value)", String(reflecting: value), dumped] {
      #expect(!text.contains("8675309"))
      #expect(!text.contains("limb"))
    }
  }
}
