extension ProvingKey {
  /// What tells that this key was made for another circuit; nil when nothing does.
  ///
  /// A key holds the left and right sides of its constraints and not their outputs; a key that differs in those alone makes
  /// proofs that do not verify.
  /// - Complexity: one comparison an entry of the constraints.
  public func difference(from system: ConstraintSystem) -> String? {
    guard verifyingKey.publicCount == system.publicCount else {
      return "it has \(verifyingKey.publicCount) public signals, not \(system.publicCount)"
    }
    guard wireCount == system.wireCount else { return "it has \(wireCount) wires, not \(system.wireCount)" }
    let bound = system.constraintCount + system.publicCount + 1
    for row in 0..<max(left.rowCount, right.rowCount, bound) {
      let isConstraint = row < system.constraintCount
      let expectedLeft: ArraySlice<SparseMatrix.Entry>
      if isConstraint {
        expectedLeft = system.left[row]
      } else if row < bound {
        // The rows that make public wires independent.
        let wire = Int32(truncatingIfNeeded: row - system.constraintCount)
        expectedLeft = [SparseMatrix.Entry(wire: wire, coefficient: .one)]
      } else {
        expectedLeft = []
      }
      guard left.holds(expectedLeft, row), right.holds(isConstraint ? system.right[row] : [], row) else {
        return "constraint \(row) differs"
      }
    }
    return nil
  }
}

extension SparseMatrix {
  /// Whether a row has these entries, in any order; a row beyond the last is empty.
  fileprivate func holds(_ expected: ArraySlice<Entry>, _ row: Int) -> Bool {
    let entries = row < rowCount ? self[row] : []
    if entries.elementsEqual(expected) { return true }
    let order: (Entry, Entry) -> Bool = { $0.wire < $1.wire }
    return entries.filter { !$0.coefficient.isZero }.sorted(by: order)
      == expected.filter { !$0.coefficient.isZero }.sorted(by: order)
  }
}
