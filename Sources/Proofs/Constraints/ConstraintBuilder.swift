/// Writes down a circuit: wires with their values, and the constraints between them.
///
/// One run of a circuit's `synthesize` gives both the witness and, when it is asked for, the constraint system. Wires are made in
/// the order outputs, public inputs, private wires. Which wires and constraints are made must not depend on a value.
public struct ConstraintBuilder {
  /// What a run is for.
  enum Purpose {
    /// The constraints; the values are those of some witness.
    case system
    /// The values alone; each constraint is checked as it passes.
    case witness
  }

  private let purpose: Purpose
  private(set) var wires: [Fr] = [.one]
  private var outputCount = 0
  private var publicCount = 0
  private var unbound: [Int] = []
  private var lefts = SparseMatrix()
  private var rights = SparseMatrix()
  private var outputs = SparseMatrix()
  private(set) var constraintCount = 0
  /// The first constraint that the values do not fulfil.
  private(set) var firstViolation: Int?

  init(_ purpose: Purpose) { self.purpose = purpose }

  /// The constraints that were written down.
  ///
  /// - Precondition: the purpose was `system`, and every output has been bound.
  func system() -> ConstraintSystem {
    precondition(purpose == .system && unbound.isEmpty, "every output is bound by a constraint")
    return ConstraintSystem(
      wireCount: wires.count, outputCount: outputCount, publicCount: publicCount, left: lefts, right: rights,
      output: outputs)
  }

  /// A constant.
  func constant(_ value: Fr) -> LinearCombination {
    LinearCombination(
      value: value, terms: purpose == .system && !value.isZero ? [term(0, value)] : [], isConstant: true)
  }

  /// 1.
  var one: LinearCombination { constant(.one) }

  /// Names the next public signal, an output, which `bind` gives its value.
  mutating func output() -> OutputWire {
    precondition(wires.count == outputCount + 1, "outputs come before all other wires")
    outputCount += 1
    publicCount += 1
    unbound.append(wires.count)
    wires.append(.zero)
    return OutputWire(index: wires.count - 1)
  }

  /// Names the next public signal, an input.
  mutating func input(_ value: Fr) -> LinearCombination {
    precondition(wires.count == publicCount + 1, "public inputs come before all private wires")
    publicCount += 1
    return wire(value)
  }

  /// A wire that only the prover knows. Nothing holds it to its value until a constraint does.
  mutating func hint(_ value: Fr) -> LinearCombination { wire(value) }

  /// Gives an output its value and holds it there.
  mutating func bind(_ wire: OutputWire, to value: LinearCombination) {
    precondition(unbound.contains(wire.index), "an output is bound once")
    unbound.removeAll { $0 == wire.index }
    wires[wire.index] = value.value
    enforce(value, equals: combination(of: wire.index))
  }

  /// left * right = output.
  mutating func enforce(
    _ left: LinearCombination, times right: LinearCombination, equals output: LinearCombination
  ) {
    if left.value * right.value != output.value, firstViolation == nil { firstViolation = constraintCount }
    constraintCount += 1
    guard purpose == .system else { return }
    lefts.append(left.terms)
    rights.append(right.terms)
    outputs.append(output.terms)
  }

  /// left = right.
  mutating func enforce(_ left: LinearCombination, equals right: LinearCombination) {
    enforce(left, times: one, equals: right)
  }

  /// A new wire that holds the product.
  mutating func product(_ left: LinearCombination, _ right: LinearCombination) -> LinearCombination {
    if left.isConstant { return right * left.value }
    if right.isConstant { return left * right.value }
    let product = hint(left.value * right.value)
    enforce(left, times: right, equals: product)
    return product
  }

  private mutating func wire(_ value: Fr) -> LinearCombination {
    wires.append(value)
    return combination(of: wires.count - 1)
  }

  private func combination(of wire: Int) -> LinearCombination {
    LinearCombination(value: wires[wire], terms: purpose == .system ? [term(wire, .one)] : [], isConstant: false)
  }

  private func term(_ wire: Int, _ coefficient: Fr) -> LinearCombination.Term {
    LinearCombination.Term(wire: Int32(truncatingIfNeeded: wire), coefficient: coefficient)
  }
}

/// A public output that has no value yet.
struct OutputWire {
  let index: Int
}
