@testable import Proofs

/// What the rows of a system are, for a deduction.
struct WireRules {
  let system: ConstraintSystem
  let rowsOfWire: [[Int]]
  /// Rows that say that a sum of wires is 0, by row.
  let sums: [(row: Int, terms: [SparseMatrix.Entry])]
  /// Where a row stands in `sums`.
  let sumOfRow: [Int?]
  /// Wires that a row x (x - 1) = 0 holds to a bit.
  let isBit: [Bool]
  /// Rows that are the first of x * inverse = 1 - out, x * out = 0, inverse * out = 0.
  let zeroTests: [(row: Int, inverse: Int, out: Int)]

  init(_ built: BuiltSystem) {
    let system = built.system
    self.system = system
    rowsOfWire = built.rowsByWire()
    var sums: [(Int, [SparseMatrix.Entry])] = []
    var sumOfRow = [Int?](repeating: nil, count: system.constraintCount)
    for row in 0..<system.constraintCount {
      guard let terms = Self.sum(system, row) else { continue }
      sumOfRow[row] = sums.count
      sums.append((row, terms))
    }
    self.sums = sums
    self.sumOfRow = sumOfRow
    isBit = Self.bits(of: system)
    zeroTests = (0..<max(0, system.constraintCount - 2)).compactMap { Self.zeroTest(system, $0) }
  }

  private static func sum(_ system: ConstraintSystem, _ row: Int) -> [SparseMatrix.Entry]? {
    let right = system.right[row]
    guard right.count == 1, let factor = right.first, factor.wire == 0 else { return nil }
    var coefficients: [Int32: Fr] = [:]
    for entry in system.left[row] { coefficients[entry.wire, default: .zero] += entry.coefficient * factor.coefficient }
    for entry in system.output[row] { coefficients[entry.wire, default: .zero] -= entry.coefficient }
    return coefficients.filter { !$0.value.isZero }.sorted { $0.key < $1.key }
      .map { SparseMatrix.Entry(wire: $0.key, coefficient: $0.value) }
  }

  private static func bits(of system: ConstraintSystem) -> [Bool] {
    var isBit = [Bool](repeating: false, count: system.wireCount)
    for row in 0..<system.constraintCount where system.output[row].isEmpty && system.left[row].count == 1 {
      guard let wire = system.left[row].first, !wire.coefficient.isZero else { continue }
      let other = [
        SparseMatrix.Entry(wire: 0, coefficient: -.one), SparseMatrix.Entry(wire: wire.wire, coefficient: .one),
      ]
      if Array(system.right[row]) == other { isBit[Int(wire.wire)] = true }
    }
    return isBit
  }

  private static func zeroTest(_ system: ConstraintSystem, _ row: Int) -> (row: Int, inverse: Int, out: Int)? {
    let answer = system.output[row]
    guard let inverse = single(system.right[row]), answer.count == 2, let one = answer.first, one.wire == 0,
      one.coefficient == .one, let last = answer.last, last.coefficient == -.one
    else { return nil }
    let out = Int(last.wire)
    guard Array(system.left[row + 1]) == Array(system.left[row]), single(system.right[row + 1]) == out,
      system.output[row + 1].isEmpty, single(system.left[row + 2]) == inverse, single(system.right[row + 2]) == out,
      system.output[row + 2].isEmpty
    else { return nil }
    return (row, inverse, out)
  }

  private static func single(_ side: ArraySlice<SparseMatrix.Entry>) -> Int? {
    guard side.count == 1, let entry = side.first, entry.coefficient == .one else { return nil }
    return Int(entry.wire)
  }
}

extension SparseMatrix {
  /// The factor of a wire in a row.
  func coefficient(row: Int, wire: Int) -> Fr? {
    var (low, high) = (row == 0 ? 0 : ends[row - 1], ends[row])
    while low < high {
      let middle = (low + high) / 2
      let found = Int(entries[middle].wire)
      if found == wire { return entries[middle].coefficient }
      if found < wire { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}
