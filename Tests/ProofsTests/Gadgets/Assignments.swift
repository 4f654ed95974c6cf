@testable import Proofs

extension BuiltSystem {
  /// All assignments of the private and public wires with numbers of `domain` that satisfy the constraints.
  ///
  /// A depth-first search that gives up where a constraint has all its wires and is broken.
  func assignments(over domain: [Fr]) -> [[Fr]] {
    var rowsEnding = [[Int]](repeating: [], count: system.wireCount)
    for row in 0..<system.constraintCount {
      let wires = [system.left[row], system.right[row], system.output[row]].flatMap { $0.map(\.wire) }
      rowsEnding[Int(wires.max() ?? 0)].append(row)
    }
    var found: [[Fr]] = []
    var trial = self
    func assign(_ wire: Int) {
      guard wire < system.wireCount else { return found.append(trial.wires) }
      for value in domain {
        trial.wires[wire] = value
        if rowsEnding[wire].allSatisfy({ trial.holds(row: $0) }) { assign(wire + 1) }
      }
    }
    assign(1)
    return found
  }

  /// Pairs of wires that can be moved together by some of `shifts` without breaking a constraint, but for `inputs`.
  func freePairs(but inputs: Set<Int>, shifts: [Fr]) -> [[Int]] {
    let wires = (1..<system.wireCount).filter { !inputs.contains($0) }
    var pairs: [[Int]] = []
    for (place, first) in wires.enumerated() {
      for second in wires[(place + 1)...] {
        let isFree = shifts.contains { shift in
          shifts.contains { other in
            var moved = self
            moved.wires[first] += shift
            moved.wires[second] += other
            return moved.holds
          }
        }
        if isFree { pairs.append([first, second]) }
      }
    }
    return pairs
  }
}
