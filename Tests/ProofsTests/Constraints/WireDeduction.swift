@testable import Proofs

/// Which wires of a system follow from others, and their values, by rules that hold in every assignment that satisfies it.
///
/// Public inputs are known. Where no rule applies the lowest unknown private wire is taken as it is given, and counts as `free`. A
/// circuit whose free wires are its private inputs has one witness for each choice of them: no hint is left to the prover. This sees
/// groups of wires that could move together, which changing one wire after the other does not.
///
/// With altered inputs it does what a forger would: computes all that follows, and leaves broken what no choice can mend.
struct WireDeduction {
  /// The values; 0 where nothing is known yet.
  private(set) var wires: [Fr]
  private(set) var free: [Int] = []

  private let rules: WireRules
  private var isKnown: [Bool]
  private var unknownCount: [Int]
  private var unknownSum: [Int]
  private var ready: [Int] = []

  /// Deduces all wires.
  ///
  /// - Parameters:
  ///   - given: the values of public inputs and free wires; the others' are ignored.
  ///   - forced: wires that the forger sets against the rules.
  init(_ rules: WireRules, from given: [Fr], forcing forced: [Int: Fr] = [:]) {
    self.rules = rules
    let system = rules.system
    wires = [Fr](repeating: .zero, count: system.wireCount)
    isKnown = [Bool](repeating: false, count: system.wireCount)
    unknownCount = [Int](repeating: 0, count: system.constraintCount)
    unknownSum = unknownCount
    for (wire, rows) in rules.rowsOfWire.enumerated() {
      for row in rows {
        unknownCount[row] += 1
        unknownSum[row] += wire
      }
    }
    learn(0, .one)
    for wire in system.outputCount..<system.publicCount { learn(wire + 1, given[wire + 1]) }
    for (wire, value) in forced where !isKnown[wire] { learn(wire, value) }
    // An output is asked for last: it ought to follow.
    var next = Array((1..<system.wireCount).dropFirst(system.publicCount)) + Array(1..<system.outputCount + 1)
    next.reverse()
    while true {
      while let row = ready.popLast() { follow(row) }
      if followPatterns() { continue }
      while let wire = next.last, isKnown[wire] { next.removeLast() }
      guard let wire = next.popLast() else { break }
      free.append(wire)
      learn(wire, given[wire])
    }
  }

  /// The constraints that the values break.
  var violations: [Int] {
    let system = rules.system
    return (0..<system.constraintCount).filter { row in
      system.left.product(row: row, wires) * system.right.product(row: row, wires)
        != system.output.product(row: row, wires)
    }
  }

  private mutating func learn(_ wire: Int, _ value: Fr) {
    wires[wire] = value
    isKnown[wire] = true
    for row in rules.rowsOfWire[wire] {
      unknownCount[row] -= 1
      unknownSum[row] -= wire
      if unknownCount[row] == 1 { ready.append(row) }
    }
  }

  /// A row with one unknown wire: a sum, a product, or a factor of a product that is not 0.
  private mutating func follow(_ row: Int) {
    guard unknownCount[row] == 1 else { return }
    let system = rules.system
    let wire = unknownSum[row]
    if let place = rules.sumOfRow[row] {
      let terms = rules.sums[place].terms
      // A wire on both sides may have fallen out of the sum.
      guard let term = terms.first(where: { Int($0.wire) == wire }) else { return }
      return learn(wire, quotient(-value(terms), term.coefficient))
    }
    guard system.left.coefficient(row: row, wire: wire) == nil else { return }
    let left = system.left.product(row: row, wires)
    let output = system.output.product(row: row, wires)
    let inRight = system.right.coefficient(row: row, wire: wire)
    let inOutput = system.output.coefficient(row: row, wire: wire)
    if let inOutput, inRight == nil {
      learn(wire, quotient(left * system.right.product(row: row, wires) - output, inOutput))
    } else if let inRight, inOutput == nil, system.right[row].count == 1, isConstant(system.output[row]) {
      learn(wire, quotient(output, left * inRight))
    }
  }

  /// Bits of a known number, and the answer whether a known number is 0.
  private mutating func followPatterns() -> Bool {
    var hasLearnt = false
    for (row, terms) in rules.sums where unknownCount[row] > 1 {
      if followBits(terms) { hasLearnt = true }
    }
    for (row, inverse, out) in rules.zeroTests
    where unknownCount[row] == 2 && !isKnown[inverse] && !isKnown[out] && unknownCount[row + 1] == 1 {
      let number = rules.system.left.product(row: row, wires)
      learn(inverse, number.inverse)
      learn(out, number.isZero ? .one : .zero)
      hasLearnt = true
    }
    return hasLearnt
  }

  /// s (b0 + 2 b1 + 4 b2 ...) + known = 0, with up to 253 bits: their number is below r, so that one choice is right.
  private mutating func followBits(_ terms: [SparseMatrix.Entry]) -> Bool {
    let bits = terms.filter { !isKnown[Int($0.wire)] }
    guard let first = bits.first, bits.count <= 253, bits.allSatisfy({ rules.isBit[Int($0.wire)] }) else {
      return false
    }
    var coefficient = first.coefficient
    for bit in bits {
      guard bit.coefficient == coefficient else { return false }
      coefficient += coefficient
    }
    let limbs = quotient(-value(terms), first.coefficient).canonicalLimbs
    let words = [limbs.0, limbs.1, limbs.2, limbs.3]
    for (place, bit) in bits.enumerated() { learn(Int(bit.wire), Fr(words[place / 64] >> UInt64(place % 64) & 1)) }
    return true
  }

  /// The sum of what is known.
  private func value(_ terms: [SparseMatrix.Entry]) -> Fr {
    var sum = Fr.zero
    for term in terms where isKnown[Int(term.wire)] { sum += term.coefficient * wires[Int(term.wire)] }
    return sum
  }

  private func quotient(_ number: Fr, _ divisor: Fr) -> Fr {
    if divisor == .one { return number }
    return divisor == -.one ? -number : number * divisor.inverse
  }

  private func isConstant(_ side: ArraySlice<SparseMatrix.Entry>) -> Bool { side.count == 1 && side.first?.wire == 0 }
}
