/// A sum of wires times constants, with the value that it has for the witness at hand.
struct LinearCombination {
  /// A wire and its factor.
  typealias Term = SparseMatrix.Entry

  /// The value.
  let value: Fr
  /// The terms in order of their wires; empty where only the values are asked for.
  let terms: [Term]
  /// Whether it holds no wire but the constant 1: the same in every witness.
  let isConstant: Bool

  init(value: Fr, terms: [Term], isConstant: Bool) {
    self.value = value
    self.terms = terms
    self.isConstant = isConstant
  }

  static func + (left: Self, right: Self) -> Self {
    Self(
      value: left.value + right.value, terms: merge(left.terms, right.terms),
      isConstant: left.isConstant && right.isConstant)
  }

  static func - (left: Self, right: Self) -> Self { left + right * -Fr.one }

  static func * (left: Self, factor: Fr) -> Self {
    Self(
      value: left.value * factor,
      terms: factor.isZero ? [] : left.terms.map { Term(wire: $0.wire, coefficient: $0.coefficient * factor) },
      isConstant: left.isConstant || factor.isZero)
  }

  static func += (left: inout Self, right: Self) { left = left + right }

  private static func merge(_ left: [Term], _ right: [Term]) -> [Term] {
    if left.isEmpty { return right }
    if right.isEmpty { return left }
    var merged: [Term] = []
    merged.reserveCapacity(left.count + right.count)
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      if left[i].wire < right[j].wire {
        merged.append(left[i])
        i += 1
      } else if left[i].wire > right[j].wire {
        merged.append(right[j])
        j += 1
      } else {
        let sum = left[i].coefficient + right[j].coefficient
        if !sum.isZero { merged.append(Term(wire: left[i].wire, coefficient: sum)) }
        i += 1
        j += 1
      }
    }
    merged += left[i...]
    merged += right[j...]
    return merged
  }
}
