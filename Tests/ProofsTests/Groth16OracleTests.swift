import JSONWire
import TestSupport
import Testing

@testable import Proofs

/// Our proofs before py_ecc and groth16py, whole and altered; the three verifiers must agree about each.
@Suite("Groth16 against py_ecc and groth16py") struct Groth16OracleTests {
  @Test("a small circuit's proofs")
  func small() async throws {
    // out = x * x + k with out and k public: wires 1, out, k, x, x * x.
    let system = ConstraintSystem(
      wireCount: 5, outputCount: 1, publicCount: 2,
      left: matrix([[(3, 1)], [(4, 1), (2, 1)]]), right: matrix([[(3, 1)], [(0, 1)]]),
      output: matrix([[(4, 1)], [(1, 1)]]))
    try await judge(system, witness: [1, 16, 7, 3, 9], named: "small")
  }

  private func matrix(_ rows: [[(Int32, Fr)]]) -> SparseMatrix {
    var matrix = SparseMatrix()
    for row in rows { matrix.append(row.map { .init(wire: $0.0, coefficient: $0.1) }) }
    return matrix
  }

  /// Two proofs of one statement, then each public signal and each point altered.
  private func judge(_ system: ConstraintSystem, witness: [Fr], named name: String) async throws {
    #expect(system.firstViolation(witness) == nil)
    let prover = try Prover(try DevelopmentSetup.provingKey(for: system, named: name))
    let key = try DevelopmentSetup.verifyingKey(for: system, named: name)
    let verifier = Verifier(key)
    let signals = Array(witness[1...system.publicCount])
    var claims: [(what: String, proof: Proof, signals: [Fr], verdict: ProofOracle.Verdict)] = []
    var randomness = SystemRandomNumberGenerator()
    let proof = try prover.prove(witness: witness, randomness: &randomness)
    let other = try prover.prove(witness: witness, randomness: &randomness)
    #expect(proof.a != other.a && proof.b != other.b && proof.c != other.c)
    claims.append(("a proof", proof, signals, .accepted))
    claims.append(("another proof of the same statement", other, signals, .accepted))
    for index in signals.indices {
      var altered = signals
      altered[index] += 1
      claims.append(("signal \(index)", proof, altered, .rejected))
    }
    claims += try Self.altered(proof).map { ($0.what, $0.proof, signals, $0.verdict) }

    for claim in claims {
      #expect(verdict(of: verifier, claim.proof, claim.signals) == claim.verdict, "\(name): \(claim.what)")
    }
    var texts = claims.map { ProofOracle.Claim(proof: text($0.proof), signals: text($0.signals)) }
    // The same number modulo r, in a text that is another one.
    let aliases = signals.indices.map { aliased(signals, at: $0) }
    texts += aliases.map { .init(proof: text(proof), signals: $0) }
    for alias in aliases {
      #expect(throws: ProofsError.self) { try PublicSignals.read(try JSONDocument(alias).root) }
    }
    let opinions = try await ProofOracle.opinions(key: String(decoding: key.json, as: UTF8.self), texts)
    for (claim, opinion) in zip(claims, opinions) {
      #expect(opinion == .both(claim.verdict), "\(name): \(claim.what)")
    }
    #expect(opinions.dropFirst(claims.count).allSatisfy { $0 == .both(.refused) }, "\(name): \(opinions)")
  }

  /// Each point exchanged for another one of its group, and for one that is none.
  private static func altered(_ proof: Proof) throws -> [(what: String, proof: Proof, verdict: ProofOracle.Verdict)] {
    let (a, b, c) = (proof.a, proof.b, proof.c)
    let offCurve = G1Point(uncheckedX: a.x, y: a.y + 1)
    // On the twist, but not of order r.
    let stranger = G2Point(
      uncheckedX: Fp2(1, 0),
      y: Fp2(
        try Fp(decimal: "18278151005453108793778860132295291098363647455926340152056652516292830556603"),
        try Fp(decimal: "5912654199736721486680175016176231956195085055698687135131307249486702594212")))
    return [
      ("A + G", Proof(a: (Jacobian(a) + G1Point.generator).affine, b: b, c: c), .rejected),
      ("-A", Proof(a: -a, b: b, c: c), .rejected),
      ("B + G", Proof(a: a, b: (Jacobian(b) + G2Point.generator).affine, c: c), .rejected),
      ("C + G", Proof(a: a, b: b, c: (Jacobian(c) + G1Point.generator).affine), .rejected),
      ("A off the curve", Proof(a: offCurve, b: b, c: c), .refused),
      ("C off the curve", Proof(a: a, b: b, c: offCurve), .refused),
      ("B off the twist", Proof(a: a, b: G2Point(uncheckedX: b.x, y: b.y + .one), c: c), .refused),
      ("B outside the group", Proof(a: a, b: stranger, c: c), .refused),
    ]
  }

  private func verdict(of verifier: Verifier, _ proof: Proof, _ signals: [Fr]) -> ProofOracle.Verdict {
    do throws(Rejection) {
      try verifier.verify(proof, publicSignals: signals)
      return .accepted
    } catch {
      return error == .equationFails ? .rejected : .refused
    }
  }

  private func text(_ proof: Proof) -> String {
    var writer = JSONWriter()
    proof.write(to: &writer)
    return writer.text
  }

  private func text(_ signals: [Fr]) -> String {
    var writer = JSONWriter()
    PublicSignals.write(signals, to: &writer)
    return writer.text
  }

  private func aliased(_ signals: [Fr], at index: Int) -> String {
    var words = signals.map { "\"\($0.decimal)\"" }
    words[index] = "\"\(sum(signals[index].decimal, primeOfFr))\""
    return "[\(words.joined(separator: ","))]"
  }
}

/// The sum of two decimal numbers of any length.
private func sum(_ left: String, _ right: String) -> String {
  let (left, right) = (Array(left.utf8.reversed()), Array(right.utf8.reversed()))
  var digits: [UInt8] = []
  var carry: UInt8 = 0
  for place in 0..<max(left.count, right.count) {
    let value = [left, right].reduce(carry) { place < $1.count ? $0 + $1[place] - UInt8(ascii: "0") : $0 }
    digits.append(UInt8(ascii: "0") + value % 10)
    carry = value / 10
  }
  if carry > 0 { digits.append(UInt8(ascii: "0") + carry) }
  return String(decoding: digits.reversed(), as: UTF8.self)
}
