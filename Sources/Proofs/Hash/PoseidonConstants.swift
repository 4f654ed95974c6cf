/// The constants of Poseidon for one width as the paper has them: the plain, slow form.
struct PoseidonConstants: Sendable {
  /// Rounds that raise the whole state to the fifth power.
  static let fullRounds = 8
  /// Rounds that raise only the first element, by width from 2: 128 bits of security (circomlib's table).
  static let partialRounds = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68]

  let width: Int
  let partialRounds: Int
  /// A column for each round.
  let roundConstants: [[Fr]]
  let matrix: FieldMatrix

  /// Draws the constants for a `width` of 2 to 17.
  init(width: Int) {
    self.width = width
    let partialRounds = Self.partialRounds[width - 2]
    self.partialRounds = partialRounds
    var grain = GrainGenerator(width: width, fullRounds: Self.fullRounds, partialRounds: partialRounds)
    roundConstants = (0..<Self.fullRounds + partialRounds).map { _ in (0..<width).map { _ in grain.element() } }
    let points = (0..<2 * width).map { _ in grain.reducedElement() }
    // Cauchy's matrix, whose minors are never 0.
    var sums = FieldMatrix(size: width) { points[$0] + points[width + $1] }.elements
    Fr.invert(&sums)
    matrix = FieldMatrix(size: width) { sums[$0 * width + $1] }
  }

  /// The permutation as the paper writes it; the optimised one is tested against it.
  func permute(_ state: [Fr]) -> [Fr] {
    var state = state
    for (round, constants) in roundConstants.enumerated() {
      let half = Self.fullRounds / 2
      let isFull = round < half || round >= half + partialRounds
      for index in 0..<width {
        state[index] += constants[index]
        if isFull || index == 0 { state[index] = state[index].power(5) }
      }
      state = matrix * state
    }
    return state
  }
}
