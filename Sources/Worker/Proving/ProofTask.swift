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

  /// What a circuit's outputs say.
  enum Conclusion: Sendable, Equatable {
    case allowed(Bool)
    case compliant(Bool)
    case count(Int)
    case nullifier(Fr)

    func write(to writer: inout JSONWriter) {
      switch self {
      case .allowed(let value): writer.field("allowed", value)
      case .compliant(let value): writer.field("compliant", value)
      case .count(let value): writer.field("count", value)
      case .nullifier(let value): writer.field("nullifier", value.decimal)
      }
    }
  }
}
