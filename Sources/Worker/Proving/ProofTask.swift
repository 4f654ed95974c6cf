import JSONWire
import Proofs

/// One proof to make, and what its result says beside the proof.
struct ProofTask: Sendable {
  /// The circuit's name, or that of an operator's key.
  let circuit: String
  /// The circuit as metrics name it.
  let metricLabel: String
  /// All wires, the constant 1 first.
  let witness: [Fr]
  /// A field of the result that the caller would otherwise have to read out of the public signals.
  let conclusion: Conclusion?
  /// Whether the witness came from the caller, so that a proof that does not hold is the caller's mistake.
  let isForeign: Bool

  /// What else than key and witness makes the result: by which name the key is called, and whether a conclusion is drawn. A
  /// key of the program's own may also be called by `proof.circom`, which draws none.
  var form: String { "\(circuit) \(conclusion?.field ?? "")" }

  /// What a circuit's outputs say.
  enum Conclusion: Sendable, Equatable {
    case allowed(Bool)
    case compliant(Bool)
    case count(Int)
    case nullifier(Fr)

    /// The result's field.
    var field: String {
      switch self {
      case .allowed: "allowed"
      case .compliant: "compliant"
      case .count: "count"
      case .nullifier: "nullifier"
      }
    }

    func write(to writer: inout JSONWriter) {
      switch self {
      case .allowed(let value), .compliant(let value): writer.field(field, value)
      case .count(let value): writer.field(field, value)
      case .nullifier(let value): writer.field(field, value.decimal)
      }
    }
  }
}
