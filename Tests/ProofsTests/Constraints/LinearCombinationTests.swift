import TestSupport
import Testing

@testable import Proofs

@Suite("Linear combinations") struct LinearCombinationTests {
  /// What the terms give for the wires of the builder that made them.
  private func evaluated(_ combination: LinearCombination, _ wires: [Fr]) -> Fr {
    combination.terms.reduce(.zero) { $0 + $1.coefficient * wires[Int($1.wire)] }
  }

  @Test("after any steps the value is that of the terms, which are in order, one a wire and never 0")
  func randomSums() {
    var sampler = FieldSampler<ScalarParameters>()
    for _ in 0..<40 {
      var builder = ConstraintBuilder(.system)
      var pool = [builder.one, builder.constant(.zero), builder.constant(sampler.next())]
      for _ in 0..<4 { pool.append(builder.hint(sampler.next())) }
      for _ in 0..<30 {
        let left = pool[Int(sampler.generator.next() % UInt64(pool.count))]
        let right = pool[Int(sampler.generator.next() % UInt64(pool.count))]
        let factors: [Fr] = [0, 1, -.one, sampler.next()]
        switch sampler.generator.next() % 4 {
        case 0: pool.append(left + right)
        case 1: pool.append(left - right)
        case 2: pool.append(left * factors[Int(sampler.generator.next() % 4)])
        default: pool[3] += right
        }
      }
      for combination in pool {
        #expect(evaluated(combination, builder.wires) == combination.value, "\(sampler)")
        #expect(zip(combination.terms, combination.terms.dropFirst()).allSatisfy { $0.wire < $1.wire }, "\(sampler)")
        #expect(combination.terms.allSatisfy { !$0.coefficient.isZero }, "\(sampler)")
        if combination.isConstant { #expect(combination.terms.allSatisfy { $0.wire == 0 }, "\(sampler)") }
      }
    }
  }

  @Test("what depends on a wire is no constant, even where its value is that of one")
  func constants() {
    var builder = ConstraintBuilder(.system)
    let wire = builder.hint(.one)
    #expect(builder.one.isConstant && (builder.one + builder.one).isConstant && (builder.one * 5).isConstant)
    #expect(!wire.isConstant && !(wire + builder.one).isConstant && !(wire * 2).isConstant)
    #expect((wire * .zero).isConstant)
  }

  @Test("a run for the values alone keeps no terms")
  func valuesAlone() {
    var builder = ConstraintBuilder(.witness)
    let sum = builder.hint(3) * 2 + builder.constant(4)
    #expect(sum.terms.isEmpty && sum.value == 10 && !sum.isConstant)
  }
}
