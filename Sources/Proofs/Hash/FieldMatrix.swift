/// A small square matrix over the scalar field.
struct FieldMatrix: Sendable, Equatable {
  let size: Int
  /// Row after row.
  private(set) var elements: [Fr]

  init(size: Int, _ element: (_ row: Int, _ column: Int) -> Fr) {
    self.size = size
    elements = (0..<size * size).map { element($0 / size, $0 % size) }
  }

  static func identity(_ size: Int) -> FieldMatrix { FieldMatrix(size: size) { $0 == $1 ? 1 : 0 } }

  subscript(row: Int, column: Int) -> Fr {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  static func * (left: FieldMatrix, right: FieldMatrix) -> FieldMatrix {
    FieldMatrix(size: left.size) { row, column in
      (0..<left.size).reduce(.zero) { $0 + left[row, $1] * right[$1, column] }
    }
  }

  /// Matrix times column.
  static func * (left: FieldMatrix, right: [Fr]) -> [Fr] {
    (0..<left.size).map { row in (0..<left.size).reduce(.zero) { $0 + left[row, $1] * right[$1] } }
  }

  /// Row times matrix.
  static func * (left: [Fr], right: FieldMatrix) -> [Fr] {
    (0..<right.size).map { column in (0..<right.size).reduce(.zero) { $0 + left[$1] * right[$1, column] } }
  }

  /// The inverse by Gauss and Jordan, or nil for a singular matrix.
  var inverse: FieldMatrix? {
    var work = self
    var result = FieldMatrix.identity(size)
    for column in 0..<size {
      guard let pivot = (column..<size).first(where: { !work[$0, column].isZero }) else { return nil }
      for place in 0..<size where pivot != column {
        (work[pivot, place], work[column, place]) = (work[column, place], work[pivot, place])
        (result[pivot, place], result[column, place]) = (result[column, place], result[pivot, place])
      }
      let scale = work[column, column].inverse
      for place in 0..<size {
        work[column, place] *= scale
        result[column, place] *= scale
      }
      for row in 0..<size where row != column && !work[row, column].isZero {
        let factor = work[row, column]
        for place in 0..<size {
          work[row, place] -= factor * work[column, place]
          result[row, place] -= factor * result[column, place]
        }
      }
    }
    return result
  }
}
