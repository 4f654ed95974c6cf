import JSONWire
import Proofs

/// The result of a proof job: `{circuit, key_id, proof, public_signals, verified, ...}`.
enum ProofResult {
  /// Writes a result that says `verified`; it may be published only after `check`.
  static func render(_ task: ProofTask, keyID: String, proof: Proof, publicSignals: [Fr]) -> [UInt8] {
    var writer = JSONWriter(capacity: 2048)
    writer.object { writer in
      writer.field("circuit", task.circuit)
      writer.field("key_id", keyID)
      writer.key("proof")
      proof.write(to: &writer)
      writer.key("public_signals")
      PublicSignals.write(publicSignals, to: &writer)
      writer.field("verified", true)
      task.conclusion?.write(to: &writer)
    }
    return writer.bytes
  }

  /// Why a result must not be published.
  enum Fault: Error, Sendable, Equatable {
    /// Its bytes cannot be read back.
    case unreadable(code: String)
    /// It says something else than was to be proved.
    case otherStatement
    /// Its proof does not hold.
    case rejected(Rejection)

    /// What is to be told; nothing of a witness.
    var code: String {
      switch self {
      case .unreadable(let code): code
      case .otherStatement: "other_statement"
      case .rejected(let rejection): rejection.code
      }
    }
  }

  /// Reads a result back from the bytes that will be published and verifies what stands there, as its reader will.
  static func check(_ bytes: [UInt8], publicSignals: [Fr], with key: CheckingKey) throws(Fault) {
    let proof: Proof
    let signals: [Fr]
    do {
      let root = try JSONDocument(bytes, limits: JSONLimits(bytes: max(1 << 20, bytes.count))).root
      proof = try Proof(json: root["proof"] ?? .null)
      signals = try PublicSignals.read(root["public_signals"] ?? .null)
      guard root["key_id"]?.asString == key.keyID else { throw Fault.otherStatement }
    } catch let error as Fault {
      throw error
    } catch let error as ProofsError {
      throw .unreadable(code: error.code)
    } catch {
      throw .unreadable(code: "malformed_json")
    }
    guard signals == publicSignals else { throw .otherStatement }
    do {
      try key.verifier.verify(proof, publicSignals: signals)
    } catch {
      throw .rejected(error)
    }
  }
}
