/// A rank-1 constraint system: for each row, (left · wires) * (right · wires) = output · wires.
///
/// Wire 0 is the constant 1; wires 1 to `publicCount` are public, outputs first.
public struct ConstraintSystem: Sendable, Equatable {
  /// How many wires there are, wire 0 included.
  public let wireCount: Int
  /// How many wires after wire 0 are public outputs.
  public let outputCount: Int
  /// How many wires after wire 0 are public, outputs and inputs.
  public let publicCount: Int
  /// A.
  public let left: SparseMatrix
  /// B.
  public let right: SparseMatrix
  /// C.
  public let output: SparseMatrix

  /// How many constraints there are.
  public var constraintCount: Int { left.rowCount }

  /// The first constraint that the wires do not fulfil; nil when they fulfil all.
  ///
  /// - Complexity: one product an entry.
  public func firstViolation(_ wires: [Fr]) -> Int? {
    (0..<constraintCount).first { row in
      left.product(row: row, wires) * right.product(row: row, wires) != output.product(row: row, wires)
    }
  }
}
