import TestSupport
import Testing

@testable import Proofs

@Suite("Blinding") struct BlindingTests {
  /// Gives the words of a list, then zeros.
  private struct Script: RandomNumberGenerator {
    var words: [UInt64]
    mutating func next() -> UInt64 { words.isEmpty ? 0 : words.removeFirst() }
  }

  private let r = [
    ScalarParameters.modulus0, ScalarParameters.modulus1, ScalarParameters.modulus2, ScalarParameters.modulus3,
  ]

  /// Words that are read as these limbs: the highest loses two bits.
  private func words(_ limbs: [UInt64]) -> [UInt64] { Array(limbs[..<3]) + [limbs[3] << 2] }

  @Test func numbersNotBelowTheModulusAreDrawnAgain() {
    var aboveR = r
    aboveR[0] += 1
    var script = Script(
      words: words(r) + words(aboveR) + words([.max, .max, .max, .max >> 2]) + words([r[0] - 1, r[1], r[2], r[3]])
        + words([5, 0, 0, 0]))
    let blinding = Blinding(from: &script)
    #expect(blinding.r.montgomeryLimbs == (r[0] - 1, r[1], r[2], r[3]))
    #expect(blinding.s.montgomeryLimbs == (5, 0, 0, 0))
    #expect(script.words.isEmpty)
  }

  @Test func allBitsAreUsed() {
    var generator = SeededGenerator()
    var seen: [UInt64] = [0, 0, 0, 0]
    var highest = 0
    for _ in 0..<200 {
      let number = Fr.random(from: &generator).montgomeryLimbs
      seen[0] |= number.0
      seen[1] |= number.1
      seen[2] |= number.2
      seen[3] |= number.3
      // The modulus is 0.76 of 2^254, so about a third of uniform numbers reach 2^253.
      if number.3 >> 61 == 1 { highest += 1 }
    }
    #expect(seen == [.max, .max, .max, (1 << 62) - 1], "\(generator)")
    #expect((35...105).contains(highest), "\(highest) of 200; \(generator)")
  }
}
