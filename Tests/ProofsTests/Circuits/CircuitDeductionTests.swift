import TestSupport
import Testing

@testable import Proofs

/// For each circuit: every wire follows from the public and private inputs that the documentation names. A satisfying assignment is
/// therefore the one that `synthesize` computes from them, and what holds for that one holds for every proof.
@Suite("One witness for a statement") struct CircuitDeductionTests {
  private func expectOneWitness(_ circuit: some Circuit, inputs: [Fr], _ comment: String) {
    let built = BuiltSystem(circuit)
    let deduction = WireDeduction(WireRules(built), from: built.wires)
    #expect(deduction.free.map { built.wires[$0] } == inputs, "\(comment)")
    #expect(deduction.free.allSatisfy { $0 > built.system.publicCount }, "\(comment)")
    #expect(deduction.wires == built.wires, "\(comment)")
    #expect(deduction.violations.isEmpty && built.holds, "\(comment)")
  }

  @Test func memoryPattern() {
    var sampler = StatementSampler()
    let circuit = MemoryPattern(content: sampler.numbers.next(), salt: sampler.numbers.next(), flags: sampler.flags())
    expectOneWitness(circuit, inputs: [circuit.content, circuit.salt], "\(sampler.numbers)")
  }

  @Test func memoryPolicy() {
    var sampler = StatementSampler()
    let circuit = MemoryPolicy(sampler.opening(), context: sampler.numbers.next())
    expectOneWitness(circuit, inputs: circuit.opening.privateWires, "\(sampler.numbers)")
  }

  @Test func membership() throws {
    var sampler = StatementSampler()
    let circuit = try sampler.membership()
    let bits = (0..<20).map { Fr(UInt64(circuit.index >> $0 & 1)) }
    expectOneWitness(circuit, inputs: [circuit.leaf] + bits + circuit.siblings, "\(sampler.numbers)")
  }

  @Test func deletion() throws {
    var sampler = StatementSampler()
    let circuit = try Deletion(sampler.opening(), requestedAt: sampler.below(1 << 40), context: sampler.numbers.next())
    expectOneWitness(circuit, inputs: circuit.opening.privateWires, "\(sampler.numbers)")
  }

  @Test func accessHistory() throws {
    var sampler = StatementSampler()
    let circuit = try sampler.history()
    let entries = (0..<4).flatMap { place -> [Fr] in
      guard place < circuit.entries.count else { return [0, 0, 0] }
      return [1, circuit.entries[place].accessor, Fr(circuit.entries[place].time)]
    }
    expectOneWitness(circuit, inputs: [circuit.salt] + entries, "\(sampler.numbers)")
  }

  @Test func compliance() {
    var sampler = StatementSampler()
    let circuit = sampler.compliance()
    expectOneWitness(circuit, inputs: circuit.opening.privateWires, "\(sampler.numbers)")
  }
}
