/// A combination that constraints hold below 2^`bits`: the only kind that can be compared.
struct Ranged {
  let combination: LinearCombination
  let bits: Int

  fileprivate init(proven combination: LinearCombination, bits: Int) {
    self.combination = combination
    self.bits = bits
  }
}

extension ConstraintBuilder {
  /// The bits of x, the lowest first; holds x below 2^`count`.
  ///
  /// - Precondition: `count` is at most 253, so that no number has two sets of bits.
  mutating func bits(of x: LinearCombination, count: Int) -> [Bit] {
    precondition((1...253).contains(count), "254 bits would hold x and x + r")
    let limbs = x.value.canonicalLimbs
    let words = [limbs.0, limbs.1, limbs.2, limbs.3]
    let bits = (0..<count).map { bit(words[$0 / 64] >> UInt64($0 % 64) & 1 == 1) }
    enforce(sum(bits), equals: x)
    return bits
  }

  /// Holds x below 2^`bits`.
  mutating func ranged(_ x: LinearCombination, bits count: Int) -> Ranged {
    _ = bits(of: x, count: count)
    return Ranged(proven: x, bits: count)
  }

  /// Whether left < right; both are in range, so that the difference cannot wrap.
  ///
  /// left + 2^n - right lies in 1 ..< 2^(n + 1), and reaches 2^n when left >= right.
  mutating func lessThan(_ left: Ranged, _ right: Ranged) -> Bit { not(lessOrEqual(right, left)) }

  /// Whether left <= right.
  mutating func lessOrEqual(_ left: Ranged, _ right: Ranged) -> Bit {
    let count = max(left.bits, right.bits)
    precondition(count <= 252, "the difference needs a bit more than its operands")
    let shifted = right.combination + constant(Fr(2).power(UInt64(count))) - left.combination
    return bits(of: shifted, count: count + 1)[count]
  }
}
