import Foundation
import JSONWire
import TestSupport
import Testing

@testable import Proofs

/// Circuits written in circom, compiled and set up by groth16py.
@Suite("Circuits of circom") struct CircomOracleTests {
  @Test("a key and a witness of circom's are read, and their proof is accepted by py_ecc, groth16py and us")
  func foreignCircuit() async throws {
    let folder = try TemporaryFolder()
    let root = Poseidon.hash(2, 1)
    let made = try await ProofOracle.circom(
      Self.level, inputs: #"{"context":"7","leaf":"1","sibling":"2","bit":"1"}"#, signals: [root.decimal, "7"],
      outputs: 1, in: folder, writingFiles: true)
    #expect(made.answer["accepted"].bool == true)
    #expect(made.answer["signals"].elements.map(\.string) == [root.decimal, "7"])

    let key = try ZKey.provingKey(try bytes(made.answer["zkey"]))
    let witness = try WitnessFile.read(try bytes(made.answer["wtns"]))
    var randomness = SystemRandomNumberGenerator()
    let proof = try Prover(key).prove(witness: witness, randomness: &randomness)
    let theirs = try VerifyingKey(json: try JSONDocument(made.key).root)
    #expect(key.verifyingKey == theirs)
    try Verifier(theirs).verify(proof, publicSignals: [root, 7])
    try Verifier(theirs).verify(
      try Proof(json: try JSONDocument(made.proof).root), publicSignals: [root, 7])

    let opinions = try await ProofOracle.opinions(
      key: made.key,
      [
        .init(proof: proof.text, signals: [root, 7].text), .init(proof: proof.text, signals: [root, 8].text),
      ])
    #expect(opinions == [.both(.accepted), .both(.rejected)])
  }

  @Test("a Merkle path of depth 20 has 4860 constraints in circom, and our root")
  func merkle() async throws {
    var tree = try MerkleTree(depth: 20)
    for leaf in [12345, 67890, 5, 0, 99] as [Fr] { try tree.append(leaf) }
    let path = try tree.path(of: 4)
    let siblings = path.siblings.map { "\"\($0.decimal)\"" }.joined(separator: ",")
    let bits = (0..<20).map { "\"\(4 >> $0 & 1)\"" }.joined(separator: ",")
    let made = try await ProofOracle.circom(
      Self.path, inputs: #"{"leaf":"99","siblings":[\#(siblings)],"bits":[\#(bits)]}"#,
      signals: [tree.root.decimal], outputs: 1, in: try TemporaryFolder(), writingFiles: false)
    #expect(made.answer["constraints"].int == 4860)
    #expect(made.answer["accepted"].bool == true)
  }

  private func bytes(_ path: JSONTree) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: try #require(path.string))))
  }

  /// One level of a Merkle tree and a public context.
  private static let level = """
    pragma circom 2.0.0;
    include "poseidon.circom";
    template Level() {
      signal input context;
      signal input leaf;
      signal input sibling;
      signal input bit;
      signal output root;
      signal bound <== context * context;
      bit * (bit - 1) === 0;
      signal shift <== bit * (sibling - leaf);
      component node = Poseidon(2);
      node.inputs[0] <== leaf + shift;
      node.inputs[1] <== sibling - shift;
      root <== node.out;
    }
    component main {public [context]} = Level();
    """

  /// A path of 20 levels.
  private static let path = """
    pragma circom 2.0.0;
    include "poseidon.circom";
    template Path(depth) {
      signal input leaf;
      signal input siblings[depth];
      signal input bits[depth];
      signal output root;
      signal lefts[depth];
      signal rights[depth];
      signal levels[depth + 1];
      component nodes[depth];
      levels[0] <== leaf;
      for (var i = 0; i < depth; i++) {
        bits[i] * (bits[i] - 1) === 0;
        lefts[i] <== levels[i] + bits[i] * (siblings[i] - levels[i]);
        rights[i] <== siblings[i] + bits[i] * (levels[i] - siblings[i]);
        nodes[i] = Poseidon(2);
        nodes[i].inputs[0] <== lefts[i];
        nodes[i].inputs[1] <== rights[i];
        levels[i + 1] <== nodes[i].out;
      }
      root <== levels[depth];
    }
    component main = Path(20);
    """
}
