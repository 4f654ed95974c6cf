/// The Poseidon hash over the scalar field of BN254, as circomlib computes it: x^5, 8 full rounds, capacity 1.
///
/// The first element of the state starts at 0 and is the output. Inputs of different lengths use different
/// permutations, so no length need be added; a caller that hashes different things adds a tag.
public enum Poseidon {
  /// The most inputs of one hash.
  public static let maximumInputs = 16

  /// The hash of 1 to 16 numbers.
  ///
  /// - Throws: `wrongInputCount`.
  public static func hash(_ inputs: [Fr]) throws(ProofsError) -> Fr {
    guard (1...maximumInputs).contains(inputs.count) else { throw .wrongInputCount(inputs.count) }
    let rounds = rounds(width: inputs.count + 1)
    return withUnsafeTemporaryAllocation(of: Fr.self, capacity: 2 * rounds.width) { memory in
      memory.initialize(repeating: .zero)
      for index in inputs.indices { memory[index + 1] = inputs[index] }
      return rounds.permute(memory)
    }
  }

  /// The hash of two numbers: the node of a Merkle tree.
  public static func hash(_ left: Fr, _ right: Fr) -> Fr {
    let rounds = rounds3
    return withUnsafeTemporaryAllocation(of: Fr.self, capacity: 6) { memory in
      memory.initialize(repeating: .zero)
      memory[1] = left
      memory[2] = right
      return rounds.permute(memory)
    }
  }

  /// The rounds for a width of 2 to 17, made at their first use.
  static func rounds(width: Int) -> PoseidonRounds {
    switch width {
    case 2: rounds2
    case 3: rounds3
    case 4: rounds4
    case 5: rounds5
    case 6: rounds6
    case 7: rounds7
    case 8: rounds8
    case 9: rounds9
    case 10: rounds10
    case 11: rounds11
    case 12: rounds12
    case 13: rounds13
    case 14: rounds14
    case 15: rounds15
    case 16: rounds16
    default: rounds17
    }
  }

  // Statics are made once, at first use, whichever thread comes first: a cache without a lock of our own.
  private static let rounds2 = PoseidonRounds(PoseidonConstants(width: 2))
  private static let rounds3 = PoseidonRounds(PoseidonConstants(width: 3))
  private static let rounds4 = PoseidonRounds(PoseidonConstants(width: 4))
  private static let rounds5 = PoseidonRounds(PoseidonConstants(width: 5))
  private static let rounds6 = PoseidonRounds(PoseidonConstants(width: 6))
  private static let rounds7 = PoseidonRounds(PoseidonConstants(width: 7))
  private static let rounds8 = PoseidonRounds(PoseidonConstants(width: 8))
  private static let rounds9 = PoseidonRounds(PoseidonConstants(width: 9))
  private static let rounds10 = PoseidonRounds(PoseidonConstants(width: 10))
  private static let rounds11 = PoseidonRounds(PoseidonConstants(width: 11))
  private static let rounds12 = PoseidonRounds(PoseidonConstants(width: 12))
  private static let rounds13 = PoseidonRounds(PoseidonConstants(width: 13))
  private static let rounds14 = PoseidonRounds(PoseidonConstants(width: 14))
  private static let rounds15 = PoseidonRounds(PoseidonConstants(width: 15))
  private static let rounds16 = PoseidonRounds(PoseidonConstants(width: 16))
  private static let rounds17 = PoseidonRounds(PoseidonConstants(width: 17))
}
