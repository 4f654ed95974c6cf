extension ConstraintBuilder {
  /// The Poseidon hash of 1 to 16 combinations, the same as `Poseidon.hash`.
  ///
  /// Three constraints for each fifth power: 240 for two inputs. The linear layers cost nothing.
  /// - Precondition: there are 1 to 16 inputs.
  mutating func poseidon(_ inputs: [LinearCombination]) -> LinearCombination {
    precondition((1...Poseidon.maximumInputs).contains(inputs.count), "Poseidon takes 1 to 16 inputs")
    let rounds = Poseidon.rounds(width: inputs.count + 1)
    let half = PoseidonConstants.fullRounds / 2
    var state = [constant(.zero)] + inputs
    for round in 0..<half {
      substitute(&state, rounds, round)
      state = mix(round == half - 1 ? rounds.middleMatrix : rounds.matrix, state)
    }
    partial(&state, rounds)
    for round in half..<2 * half {
      substitute(&state, rounds, round)
      state = mix(rounds.matrix, state)
    }
    return state[0]
  }

  /// The root to which a path leads from `leaf`; a set bit says that the way comes from the right.
  ///
  /// 241 constraints a level, besides those of the bits.
  /// - Precondition: there is a sibling for each bit.
  mutating func merkleRoot(_ leaf: LinearCombination, _ index: [Bit], _ siblings: [LinearCombination])
    -> LinearCombination
  {
    precondition(index.count == siblings.count, "a path has a sibling for each bit of its index")
    var node = leaf
    for (bit, sibling) in zip(index, siblings) {
      let left = select(bit, sibling, node)
      node = poseidon([left, node + sibling - left])
    }
    return node
  }

  private mutating func substitute(_ state: inout [LinearCombination], _ rounds: PoseidonRounds, _ round: Int) {
    for index in state.indices {
      state[index] = fifth(state[index] + constant(rounds.fullConstants[round * rounds.width + index]))
    }
  }

  private func mix(_ matrix: [Fr], _ state: [LinearCombination]) -> [LinearCombination] {
    state.indices.map { row in
      state.indices.dropFirst().reduce(state[0] * matrix[row * state.count]) { sum, column in
        sum + state[column] * matrix[row * state.count + column]
      }
    }
  }

  private mutating func partial(_ state: inout [LinearCombination], _ rounds: PoseidonRounds) {
    let width = rounds.width
    var place = 0
    for _ in 0..<rounds.partialRounds {
      let first = fifth(state[0] + constant(rounds.sparse[place]))
      var sum = first * rounds.sparse[place + 1]
      for index in 1..<width {
        sum += state[index] * rounds.sparse[place + 1 + index]
        state[index] += first * rounds.sparse[place + width + index]
      }
      state[0] = sum
      place += 2 * width
    }
  }

  /// x^5. The last product has x on the right, so that x^4 stays out of the right side: its wire costs nothing in G2.
  private mutating func fifth(_ x: LinearCombination) -> LinearCombination {
    if x.isConstant { return constant(x.value.power(5)) }
    let square = product(x, x)
    let fourth = product(square, square)
    return product(fourth, x)
  }
}
