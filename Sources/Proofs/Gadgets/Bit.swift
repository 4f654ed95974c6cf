/// A combination that constraints hold to 0 or 1.
struct Bit {
  let combination: LinearCombination

  /// Whether it is 1 in the witness at hand.
  var isSet: Bool { combination.value == .one }

  fileprivate init(proven combination: LinearCombination) { self.combination = combination }
}

extension ConstraintBuilder {
  /// A private bit: b (b - 1) = 0.
  mutating func bit(_ value: Bool) -> Bit { boolean(hint(value ? .one : .zero)) }

  /// A public input that is held to 0 or 1.
  mutating func inputBit(_ value: Bool) -> Bit { boolean(input(value ? .one : .zero)) }

  /// Holds a combination to 0 or 1.
  mutating func boolean(_ combination: LinearCombination) -> Bit {
    enforce(combination, times: combination - one, equals: constant(.zero))
    return Bit(proven: combination)
  }

  /// 1 - b.
  func not(_ bit: Bit) -> Bit { Bit(proven: one - bit.combination) }

  /// The product of two bits.
  mutating func and(_ left: Bit, _ right: Bit) -> Bit { Bit(proven: product(left.combination, right.combination)) }

  /// Whether the combination is 0: out = 1 - x * inverse, x * out = 0 and inverse * out = 0.
  ///
  /// The first two are needed for the answer: with the first alone a prover picks an `inverse` for what they like. The third
  /// leaves one `inverse` for x = 0 too, so that a statement has one witness.
  mutating func isZero(_ x: LinearCombination) -> Bit {
    let inverse = hint(x.value.inverse)
    let out = hint(x.value.isZero ? .one : .zero)
    enforce(x, times: inverse, equals: one - out)
    enforce(x, times: out, equals: constant(.zero))
    enforce(inverse, times: out, equals: constant(.zero))
    return Bit(proven: out)
  }

  /// Whether both are the same number.
  mutating func isEqual(_ left: LinearCombination, _ right: LinearCombination) -> Bit { isZero(left - right) }

  /// Holds x to a number other than 0: x * inverse = 1.
  mutating func enforceNonZero(_ x: LinearCombination) {
    let inverse = hint(x.value.inverse)
    enforce(x, times: inverse, equals: one)
  }

  /// `whenSet` for 1, `otherwise` for 0.
  mutating func select(_ bit: Bit, _ whenSet: LinearCombination, _ otherwise: LinearCombination) -> LinearCombination {
    otherwise + product(bit.combination, whenSet - otherwise)
  }

  /// The sum of numbered bits: b0 + 2 b1 + 4 b2 ...
  func sum(_ bits: [Bit]) -> LinearCombination {
    var sum = constant(.zero)
    var power = Fr.one
    for bit in bits {
      sum += bit.combination * power
      power += power
    }
    return sum
  }
}
