import Proofs
import Synchronization

/// What checks the proofs of one circuit.
struct CheckingKey: Sendable {
  /// The circuit's name, or that of an operator's key.
  let name: String
  /// Lower-case hex SHA-256 of `json`.
  let keyID: String
  let origin: KeyOrigin
  /// The verification key as it is served.
  let json: [UInt8]
  /// The key's points.
  let key: VerifyingKey
  private let prepared = Prepared()

  /// What is computed of the key for the first proof: all circuits are published at the start, few are used at once.
  private final class Prepared: Sendable {
    let verifier = Mutex<Verifier?>(nil)
  }

  /// Takes a key of a setup.
  init(_ key: VerifyingKey, name: String, origin: KeyOrigin) throws(KeyError) {
    self.name = name
    self.origin = origin
    json = key.json
    keyID = try KeyFolder.hash(json)
    self.key = key
  }

  /// Checks proofs; prepared by the first call.
  var verifier: Verifier {
    prepared.verifier.withLock { held in
      if let held { return held }
      let verifier = Verifier(key)
      held = verifier
      return verifier
    }
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
