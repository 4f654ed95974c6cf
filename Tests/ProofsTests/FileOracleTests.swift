import Foundation
import JSONWire
import TestSupport
import Testing

@testable import Proofs

/// The files that we write, in the hands of groth16py: its proofs from them must convince our verifier.
@Suite("Our files in groth16py's hands") struct FileOracleTests {
  private static let names = CircuitLibrary.all.map(\.name).filter {
    isLongRun || $0 != Membership.name
  }

  @Test(
    "it sets up our .r1cs, proves from our .wtns, and we accept; so do we with its proof by our .zkey", arguments: names
  )
  func files(name: String) async throws {
    let circuit = try #require(try Groth16OracleTests.statements().first { type(of: $0).name == name })
    let system = type(of: circuit).system
    let witness = try circuit.witness()
    let key = try DevelopmentSetup.provingKey(for: system, named: name)
    let folder = try TemporaryFolder()
    func write(_ bytes: [UInt8], _ ending: String) throws -> String {
      let path = "\(folder.path)/\(name).\(ending)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return path
    }
    let wtns = try write(WitnessFile.bytes(witness.wires), "wtns")

    let setUp = try await ProofOracle.prove(.r1cs, at: try write(ConstraintFile.bytes(system), "r1cs"), witness: wtns)
    try verify(setUp, witness.publicSignals)
    #expect(throws: Rejection.equationFails) { try verify(setUp, witness.publicSignals.map { $0 + 1 }) }

    let imported = try await ProofOracle.prove(.zkey, at: try write(ZKey.bytes(key), "zkey"), witness: wtns)
    try verify(imported, witness.publicSignals)
    #expect(try VerifyingKey(json: try JSONDocument(imported.key).root) == key.verifyingKey)
  }

  private func verify(_ made: ProofOracle.Made, _ signals: [Fr]) throws {
    let verifier = Verifier(try VerifyingKey(json: try JSONDocument(made.key).root))
    try verifier.verify(try Proof(json: try JSONDocument(made.proof).root), publicSignals: signals)
  }
}
