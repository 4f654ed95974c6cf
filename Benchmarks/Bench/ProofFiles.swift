import JSONWire
import Proofs

/// The key, witness, proof and public signals of a circuit, in files that every Groth16 tool reads.
struct ProofFiles {
  private let stem: String

  /// The files of `--circuit` in `--folder`.
  init(_ arguments: Arguments) throws {
    stem = try "\(arguments.text("folder"))/\(arguments.text("circuit"))"
  }

  /// Writes those of the circuits that are measured into `--folder`.
  static func make(_ arguments: Arguments) throws {
    let folder = try arguments.text("folder")
    for circuit in [MemoryPattern.example, Membership.example] as [any Circuit] { try make(circuit, in: folder) }
    Report.write { $0.field("folder", folder) }
  }

  private static func make(_ circuit: some Circuit, in folder: String) throws {
    let name = type(of: circuit).name
    let key = try DevelopmentSetup.provingKey(for: type(of: circuit).system, named: name)
    let witness = try circuit.witness()
    var randomness = SystemRandomNumberGenerator()
    let proof = try Prover(key).prove(witness: witness.wires, randomness: &randomness)
    try Verifier(key.verifyingKey).verify(proof, publicSignals: witness.publicSignals)
    let stem = "\(folder)/\(name)"
    try ByteFile.write(ZKey.bytes(key), to: "\(stem).zkey")
    try ByteFile.write(WitnessFile.bytes(witness.wires), to: "\(stem).wtns")
    try ByteFile.write(key.verifyingKey.json, to: "\(stem).key.json")
    var writer = JSONWriter()
    proof.write(to: &writer)
    try ByteFile.write(Array(writer.text.utf8), to: "\(stem).proof.json")
    writer = JSONWriter()
    PublicSignals.write(witness.publicSignals, to: &writer)
    try ByteFile.write(Array(writer.text.utf8), to: "\(stem).public.json")
  }

  func provingKey() throws -> ProvingKey { try ZKey.provingKey(ByteFile.read("\(stem).zkey")) }

  func witness() throws -> [Fr] { try WitnessFile.read(ByteFile.read("\(stem).wtns")) }

  func verifyingKey() throws -> VerifyingKey { try VerifyingKey(json: document("key")) }

  func proof() throws -> Proof { try Proof(json: document("proof")) }

  func signals() throws -> [Fr] { try PublicSignals.read(document("public")) }

  private func document(_ name: String) throws -> JSONValue {
    try JSONDocument(ByteFile.read("\(stem).\(name).json")).root
  }
}
