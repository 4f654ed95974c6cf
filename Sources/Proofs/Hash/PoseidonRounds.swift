/// Poseidon for one width with its partial rounds made cheap: 2t - 1 products in the linear layer instead of t^2, one
/// constant instead of t (the paper's appendix B).
///
/// The matrix M of a partial round splits into M = S D with D = diag(1, M^) and S sparse: its first row is
/// (m, v M^^-1), its first column w, the rest the identity. D leaves the first element alone, so it commutes with the
/// partial S-box and moves into the round before, again and again, until the last full round takes it all. The
/// constants move along: through D into their round's form, and, but for the first, through S into the next round.
struct PoseidonRounds: Sendable {
  let width: Int
  let partialRounds: Int
  /// Constants of the full rounds, `width` for each.
  let fullConstants: [Fr]
  /// The matrix of the full rounds.
  let matrix: [Fr]
  /// The matrix of the fourth full round, which carries what the partial rounds gave up.
  let middleMatrix: [Fr]
  /// For each partial round: its constant, the first row of S (`width`), the rest of the first column (`width` - 1).
  let sparse: [Fr]

  init(_ constants: PoseidonConstants) {
    let width = constants.width
    let matrix = constants.matrix
    let half = PoseidonConstants.fullRounds / 2
    let count = constants.partialRounds
    var layers: [Sparse] = []
    var moved: [FieldMatrix] = []
    // From the last partial round to the first.
    var dense = matrix
    for _ in 0..<count {
      let layer = Sparse(dense)
      layers.append(layer)
      moved.append(layer.block)
      dense = layer.block * matrix
    }
    layers.reverse()
    moved.reverse()

    var roundConstants = constants.roundConstants
    var sparse: [Fr] = []
    for index in 0..<count {
      // What the round before left over is added in the form after D already.
      var column = moved[index] * constants.roundConstants[half + index]
      if index > 0 { column = zip(column, roundConstants[half + index]).map { $0 + $1 } }
      sparse.append(column[0])
      sparse += layers[index].row + layers[index].column
      column[0] = .zero
      let next = layers[index].apply(column)
      if index + 1 < count {
        roundConstants[half + index + 1] = next
      } else {
        roundConstants[half + count] = zip(roundConstants[half + count], next).map { $0 + $1 }
      }
    }
    self.width = width
    partialRounds = count
    fullConstants = Array(roundConstants[..<half].joined()) + Array(roundConstants[(half + count)...].joined())
    self.matrix = matrix.elements
    middleMatrix = dense.elements
    self.sparse = sparse
  }

  /// The sparse left factor of a matrix, and the block that its right factor holds.
  private struct Sparse {
    let row: [Fr]
    let column: [Fr]
    let block: FieldMatrix

    init(_ matrix: FieldMatrix) {
      let inner = FieldMatrix(size: matrix.size - 1) { matrix[$0 + 1, $1 + 1] }
      guard let inverse = inner.inverse else {
        // Only other constants could bring this about; the tests go through every width.
        preconditionFailure("Poseidon's matrix for width \(matrix.size) has a singular block")
      }
      row = [matrix[0, 0]] + (1..<matrix.size).map { matrix[0, $0] } * inverse
      column = (1..<matrix.size).map { matrix[$0, 0] }
      block = FieldMatrix(size: matrix.size) { line, place in
        line > 0 && place > 0 ? inner[line - 1, place - 1] : line == place ? 1 : 0
      }
    }

    func apply(_ state: [Fr]) -> [Fr] {
      [zip(row, state).reduce(.zero) { $0 + $1.0 * $1.1 }] + zip(column, state.dropFirst()).map { $0 * state[0] + $1 }
    }
  }
}
