import Proofs

/// What checks the proofs of one circuit.
struct CheckingKey: Sendable {
  /// The circuit's name, or that of an operator's key.
  let name: String
  /// Lower-case hex SHA-256 of `json`.
  let keyID: String
  let origin: KeyOrigin
  /// The verification key as it is served.
  let json: [UInt8]
  let verifier: Verifier

  /// Takes a key of a setup.
  init(_ key: VerifyingKey, name: String, origin: KeyOrigin) throws(KeyError) {
    self.name = name
    self.origin = origin
    json = key.json
    keyID = try KeyFolder.hash(json)
    verifier = Verifier(key)
  }
}

/// What makes and checks the proofs of one circuit.
struct ProvingKit: Sendable {
  let prover: Prover
  let checking: CheckingKey

  /// Takes a key of a setup.
  init(_ key: ProvingKey, name: String, origin: KeyOrigin) throws(KeyError) {
    checking = try CheckingKey(key.verifyingKey, name: name, origin: origin)
    do {
      prover = try Prover(key)
    } catch {
      throw .unusable(name, error)
    }
  }
}
