extension PoseidonRounds {
  /// Permutes the state in the first `width` elements of `memory` and gives its first element; the second half of
  /// `memory` is scratch.
  func permute(_ memory: UnsafeMutableBufferPointer<Fr>) -> Fr {
    precondition(memory.count == 2 * width, "the memory must hold the state twice")
    let state = UnsafeMutableBufferPointer(rebasing: memory[..<width])
    let scratch = UnsafeMutableBufferPointer(rebasing: memory[width...])
    let half = PoseidonConstants.fullRounds / 2
    for round in 0..<half {
      substitute(state, round)
      mix(round == half - 1 ? middleMatrix : matrix, state, scratch)
    }
    partial(state)
    for round in half..<2 * half {
      substitute(state, round)
      mix(matrix, state, scratch)
    }
    return state[0]
  }

  @inline(__always)
  private func substitute(_ state: UnsafeMutableBufferPointer<Fr>, _ round: Int) {
    for index in 0..<width { state[index] = fifth(state[index] + fullConstants[round * width + index]) }
  }

  @inline(__always)
  private func mix(
    _ matrix: [Fr], _ state: UnsafeMutableBufferPointer<Fr>, _ scratch: UnsafeMutableBufferPointer<Fr>
  ) {
    for row in 0..<width {
      var sum = matrix[row * width] * state[0]
      for column in 1..<width { sum += matrix[row * width + column] * state[column] }
      scratch[row] = sum
    }
    _ = state.update(fromContentsOf: scratch)
  }

  private func partial(_ state: UnsafeMutableBufferPointer<Fr>) {
    sparse.withUnsafeBufferPointer { sparse in
      var place = 0
      for _ in 0..<partialRounds {
        let first = fifth(state[0] + sparse[place])
        var sum = first * sparse[place + 1]
        for index in 1..<width {
          let value = state[index]
          sum += value * sparse[place + 1 + index]
          state[index] = first * sparse[place + width + index] + value
        }
        state[0] = sum
        place += 2 * width
      }
    }
  }

  @inline(__always)
  private func fifth(_ value: Fr) -> Fr {
    let square = value * value
    return square * square * value
  }
}
