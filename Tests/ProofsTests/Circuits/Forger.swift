@testable import Proofs

/// A statement whose private inputs a forger alters, by their place among them.
struct Forger {
  let built: BuiltSystem
  let rules: WireRules
  let inputs: [Int]

  init(_ circuit: some Circuit) {
    built = BuiltSystem(circuit)
    rules = WireRules(built)
    inputs = WireDeduction(rules, from: built.wires).free
  }

  func altered(inputs changes: [Int: Fr] = [:], publics: [Int: Fr] = [:], forcing forced: [Int: Fr] = [:])
    -> WireDeduction
  {
    var given = built.wires
    for (place, value) in changes { given[inputs[place]] = value }
    for (wire, value) in publics { given[wire] = value }
    return WireDeduction(rules, from: given, forcing: forced)
  }
}
