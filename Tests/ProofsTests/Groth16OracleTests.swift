import JSONWire
import TestSupport
import Testing

@testable import Proofs

/// Our proofs before py_ecc and groth16py, whole and altered; the three verifiers must agree about each.
@Suite("Groth16 against py_ecc and groth16py") struct Groth16OracleTests {
  @Test(
    "each circuit's proofs, each public signal altered, each point altered",
    arguments: CircuitLibrary.all.map(\.name).filter { $0 != Membership.name || isLongRun })
  func circuits(name: String) async throws {
    // Membership has twenty times as many constraints; the end-to-end tests let the release worker prove it.
    let circuit = try #require(try Self.statements().first { type(of: $0).name == name })
    let witness = try circuit.witness()
    #expect(witness.publicSignals.count == type(of: circuit).publicSignalNames.count)
    try await judge(type(of: circuit).system, witness: witness.wires, named: name)
  }

  /// A statement of each circuit with numbers of full length.
  static func statements() throws -> [any Circuit] {
    let (context, salt) = (Poseidon.hash(77, 1), Poseidon.hash(77, 2))
    let opening = MemoryOpening(
      contentHash: Poseidon.hash(77, 3), salt: salt, flags: MemoryFlags(finance: true, health: false, personal: false),
      keyVersion: 9)
    var tree = try MerkleTree(depth: Membership.depth)
    for leaf in 100..<109 as Range<UInt64> { try tree.append(Fr(leaf)) }
    let entries = [(3, 1_700_000_000), (4, 1_700_000_100), (3, 1_700_000_200)] as [(Fr, UInt64)]
    return [
      MemoryPattern(content: opening.contentHash, salt: salt, flags: opening.flags),
      MemoryPolicy(opening, context: context),
      try Membership(leaf: 105, path: try tree.path(of: 5), context: context),
      try Deletion(opening, requestedAt: 1_700_000_000, context: context),
      try AccessHistory(
        salt: salt, entries: entries.map { .init(accessor: $0.0, time: $0.1) }, accessor: 3, from: 1_700_000_000,
        to: 1_700_000_150, context: context),
      Compliance(
        opening, minKeyVersion: 9, forbidden: MemoryFlags(finance: false, health: true, personal: true),
        context: context),
    ]
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
    var texts = claims.map { ProofOracle.Claim(proof: $0.proof.text, signals: $0.signals.text) }
    // The same number modulo r, in a text that is another one.
    let aliases = signals.indices.map { aliased(signals, at: $0) }
    texts += aliases.map { .init(proof: proof.text, signals: $0) }
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

  private func aliased(_ signals: [Fr], at index: Int) -> String {
    var words = signals.map { "\"\($0.decimal)\"" }
    words[index] = "\"\(sum(signals[index].decimal, primeOfFr))\""
    return "[\(words.joined(separator: ","))]"
  }
}

extension Proof {
  /// `proof.json`.
  var text: String {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.text
  }
}

extension [Fr] {
  /// `public.json`.
  var text: String {
    var writer = JSONWriter()
    PublicSignals.write(self, to: &writer)
    return writer.text
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
