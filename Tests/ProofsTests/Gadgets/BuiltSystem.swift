@testable import Proofs

/// What one run of a circuit gave: constraints and witness, to be spoilt by a test.
struct BuiltSystem {
  let system: ConstraintSystem
  var wires: [Fr]

  /// Runs `write` for the constraints and for the witness.
  init(_ write: (inout ConstraintBuilder) -> Void) {
    var builder = ConstraintBuilder(.system)
    write(&builder)
    system = builder.system()
    var values = ConstraintBuilder(.witness)
    write(&values)
    wires = values.wires
  }

  var holds: Bool { system.firstViolation(wires) == nil }

  /// The rows in which each wire stands.
  func rowsByWire() -> [[Int]] {
    var rows = [[Int]](repeating: [], count: system.wireCount)
    for row in 0..<system.constraintCount {
      for side in [system.left[row], system.right[row], system.output[row]] {
        for entry in side where rows[Int(entry.wire)].last != row { rows[Int(entry.wire)].append(row) }
      }
    }
    return rows
  }

  /// Whether the values of one row fulfil it.
  func holds(row: Int) -> Bool {
    system.left.product(row: row, wires) * system.right.product(row: row, wires)
      == system.output.product(row: row, wires)
  }

  /// The wires that can take another value without breaking a constraint: none, in a sound circuit.
  func freeWires(adding shift: Fr) -> [Int] {
    let rows = rowsByWire()
    return (1..<system.wireCount).filter { wire in
      var other = self
      other.wires[wire] += shift
      return rows[wire].allSatisfy { other.holds(row: $0) }
    }
  }
}
