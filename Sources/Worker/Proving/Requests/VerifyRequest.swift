import JSONWire
import Proofs

/// `proof.verify {circuit | verification_key, proof, public_signals}`.
struct VerifyRequest: Sendable {
  /// What to check with.
  enum Key: Sendable, Equatable {
    /// The key of one of the program's circuits.
    case circuit(String)
    /// The caller's own.
    case given(VerifyingKey)
  }

  let key: Key
  let proof: Proof
  let publicSignals: [Fr]

  /// Reads a payload strictly: what is not of the form proves nothing to anybody, and is the caller's mistake.
  init(_ job: Job) throws(JobFailure) {
    let parts = try job.fields { fields in
      let circuit = fields.optionalString("circuit", length: 1...64)
      let key = fields.optionalValue("verification_key")
      if (circuit == nil) == (key == nil) {
        fields.reject("circuit", "expected either circuit or verification_key")
      }
      return (circuit, key, fields.value("proof"), fields.value("public_signals"))
    }
    do throws(ProofsError) {
      if let name = parts.0 { key = .circuit(name) } else { key = .given(try VerifyingKey(json: parts.1 ?? .null)) }
      proof = try Proof(json: parts.2)
      publicSignals = try PublicSignals.read(parts.3)
    } catch {
      throw JobFailure(error)
    }
  }
}
