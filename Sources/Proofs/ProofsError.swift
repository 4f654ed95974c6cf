/// What is wrong with a statement, a number or a tree operation; values of the field are never shown: they may be witnesses.
public enum ProofsError: Error, Sendable, Equatable {
  /// The number is not below the field's modulus; it is refused rather than reduced, as two texts of one value would let
  /// one statement pass as two.
  case notCanonical
  /// The text is no decimal number without sign and leading zeros, of at most 78 digits.
  case malformedNumber
  /// Bytes of a length that the form does not have.
  case wrongLength(expected: Int, actual: Int)
  /// Poseidon hashes 1 to 16 field elements.
  case wrongInputCount(Int)
  /// A tree has 1 to 32 levels above its leaves.
  case depthOutOfRange(Int)
  /// More leaves than the tree has places.
  case tooManyLeaves(count: Int, capacity: Int)
  /// The tree has no leaf with this index.
  case indexOutOfRange(index: Int, count: Int)
  /// Polynomials have up to 2^27 coefficients.
  case domainTooLarge(Int)
  /// The membership circuit is for paths of 20 levels.
  case wrongDepth(Int)
  /// A leaf of 0 is an empty place, and so no member.
  case emptyLeaf
  /// A history has up to four entries.
  case tooManyEntries(count: Int, capacity: Int)
  /// A number is above what the circuit's range check lets through.
  case outOfRange(name: String, bits: Int)
  /// A witness has a value for each wire of the circuit.
  case wrongWireCount(expected: Int, actual: Int)
  /// The values do not fulfil the circuit: at this constraint, where it is known.
  case unsatisfied(constraint: Int?)
  /// A binary file is cut, altered or of another kind.
  case malformedFile(kind: String, detail: String)
  /// A key of PLONK, FFLONK or another protocol than Groth16, by its number in the file.
  case unsupportedProtocol(UInt32)
  /// A file over other fields than those of BN254.
  case wrongCurve(kind: String)
  /// A JSON text is not what snarkjs writes.
  case malformedDocument(String)
  /// A verification key has up to 4,096 public signals.
  case tooManyPublicSignals(Int)
  /// A point of a key is infinity, not on its curve or not in its group; the name says which.
  case invalidPoint(String, Rejection)
  /// The caller's `shouldStop` said so.
  case stopped

  /// A stable word for results, logs and comparison.
  public var code: String {
    switch self {
    case .notCanonical: "not_canonical"
    case .malformedNumber: "malformed_number"
    case .wrongLength: "wrong_length"
    case .wrongInputCount: "wrong_input_count"
    case .depthOutOfRange: "depth_out_of_range"
    case .tooManyLeaves: "too_many_leaves"
    case .indexOutOfRange: "index_out_of_range"
    case .domainTooLarge: "domain_too_large"
    case .wrongDepth: "wrong_depth"
    case .emptyLeaf: "empty_leaf"
    case .tooManyEntries: "too_many_entries"
    case .outOfRange: "out_of_range"
    case .wrongWireCount: "wrong_wire_count"
    case .unsatisfied: "unsatisfied"
    case .malformedFile: "malformed_file"
    case .unsupportedProtocol: "unsupported_protocol"
    case .wrongCurve: "wrong_curve"
    case .malformedDocument: "malformed_document"
    case .tooManyPublicSignals: "too_many_public_signals"
    case .invalidPoint: "invalid_point"
    case .stopped: "stopped"
    }
  }
}

extension ProofsError: CustomStringConvertible {
  /// What happened and what is expected.
  public var description: String {
    switch self {
    case .notCanonical: "the number is not below the field's modulus; reduce it before it is sent"
    case .malformedNumber: "not a decimal number of at most 78 digits without sign and leading zeros"
    case .wrongLength(let expected, let actual): "\(actual) bytes, expected \(expected)"
    case .wrongInputCount(let count): "\(count) inputs, but Poseidon takes 1 to \(Poseidon.maximumInputs)"
    case .depthOutOfRange(let depth): "a tree of depth \(depth), expected 1 to \(ZeroHashes.maximumDepth)"
    case .tooManyLeaves(let count, let capacity): "\(count) leaves, but the tree has \(capacity) places"
    case .indexOutOfRange(let index, let count): "index \(index) is not in 0..<\(count)"
    case .domainTooLarge(let logarithm): "a domain of 2^\(logarithm) points, at most 2^27; split the circuit"
    case .wrongDepth(let depth): "a path of \(depth) levels, but the circuit has \(Membership.depth)"
    case .emptyLeaf: "the leaf is 0, which stands for an empty place; only what was put into the tree is a member"
    case .tooManyEntries(let count, let capacity): "\(count) entries, but a history has up to \(capacity)"
    case .outOfRange(let name, let bits): "\(name) is not below 2^\(bits)"
    case .wrongWireCount(let expected, let actual): "a witness of \(actual) wires, but the circuit has \(expected)"
    case .unsatisfied(let constraint):
      "the witness does not satisfy the circuit" + (constraint.map { " (constraint \($0))" } ?? "")
    case .malformedFile(let kind, let detail): "not a whole .\(kind) file: \(detail)"
    case .unsupportedProtocol(let number):
      "a key of protocol \(number)\(number == 2 ? " (PLONK)" : number == 10 ? " (FFLONK)" : ""); "
        + "only Groth16 keys (protocol 1) are used here"
    case .wrongCurve(let kind): "the .\(kind) file is not over BN254 (bn128); make it anew for this curve"
    case .malformedDocument(let detail): detail
    case .tooManyPublicSignals(let count):
      "\(count) public signals, expected 0 to \(VerifyingKey.maximumPublicCount)"
    case .invalidPoint(let name, let reason): "\(name): \(reason.keyPoint)"
    case .stopped: "stopped before the end, as the caller asked"
    }
  }
}
