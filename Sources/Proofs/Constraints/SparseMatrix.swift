/// A matrix over Fr that is mostly 0, row by row (compressed sparse rows).
public struct SparseMatrix: Sendable, Equatable {
  /// One entry that is not 0.
  public struct Entry: Sendable, Equatable {
    /// The column: a wire.
    public let wire: Int32
    /// The factor.
    public let coefficient: Fr

    init(wire: Int32, coefficient: Fr) {
      self.wire = wire
      self.coefficient = coefficient
    }
  }

  /// All entries, row after row.
  public private(set) var entries: [Entry] = []
  /// Where each row's entries end.
  public private(set) var ends: [Int] = []

  init() {}

  /// How many rows there are.
  public var rowCount: Int { ends.count }

  /// The entries of a row.
  public subscript(row: Int) -> ArraySlice<Entry> { entries[(row == 0 ? 0 : ends[row - 1])..<ends[row]] }

  mutating func append(_ row: some Sequence<Entry>) {
    entries.append(contentsOf: row)
    ends.append(entries.count)
  }

  /// The product of a row with the values of the wires.
  ///
  /// - Precondition: every wire of the row is an index of `wires`; who builds a matrix from outside checks that.
  func product(row: Int, _ wires: [Fr]) -> Fr {
    var sum = Fr.zero
    for index in (row == 0 ? 0 : ends[row - 1])..<ends[row] {
      sum += entries[index].coefficient * wires[Int(entries[index].wire)]
    }
    return sum
  }
}
