import TestSupport
import Testing

@testable import Proofs

/// Gadgets as they must not be, to show that the deduction sees what they leave open, and gadgets as they are.
@Suite("What follows from the inputs") struct WireDeductionTests {
  private func free(_ write: (inout ConstraintBuilder) -> Void) -> [Int] {
    let built = BuiltSystem(write)
    let deduction = WireDeduction(WireRules(built), from: built.wires)
    #expect(deduction.wires == built.wires)
    return deduction.free
  }

  @Test("a hint that no constraint holds is free")
  func unheldHint() {
    #expect(free { builder in _ = builder.hint(5) } == [1])
    #expect(
      free { builder in
        let x = builder.hint(5)
        _ = builder.hint(x.value * x.value)
      } == [1, 2])
  }

  @Test("the zero test with a free inverse alone leaves its answer to the prover", arguments: [0, 3] as [Fr])
  func halfZeroTest(value: Fr) {
    let open = free { builder in
      let x = builder.hint(value)
      let inverse = builder.hint(value.inverse)
      let out = builder.hint(value.isZero ? 1 : 0)
      builder.enforce(x, times: inverse, equals: builder.one - out)
    }
    #expect(open == [1, 2])
    let noInverse = free { builder in
      let x = builder.hint(value)
      let inverse = builder.hint(value.inverse)
      let out = builder.hint(value.isZero ? 1 : 0)
      builder.enforce(x, times: inverse, equals: builder.one - out)
      builder.enforce(x, times: out, equals: builder.constant(.zero))
    }
    #expect(noInverse == [1, 2], "0 has an inverse of the prover's choice without the third constraint")
    #expect(free { builder in _ = builder.isZero(builder.hint(value)) } == [1])
  }

  @Test("a remainder whose quotient is unbounded is anything")
  func unboundedQuotient() {
    let open = free { builder in
      let (x, quotient, remainder) = (builder.hint(205), builder.hint(2), builder.hint(3))
      builder.enforce(quotient * 101 + remainder, equals: x)
    }
    #expect(open == [1, 2])
  }

  @Test("digits that are not held to 0 and 1 are free, and so are 254 of them")
  func openBits() {
    let digits = free { builder in
      let x = builder.hint(5)
      let digits = [builder.hint(1), builder.hint(0), builder.hint(1)]
      builder.enforce(digits[0] + digits[1] * 2 + digits[2] * 4, equals: x)
    }
    #expect(digits == [1, 2, 3])
    let tooMany = free { builder in
      let x = builder.hint(1)
      let bits = (0..<254).map { builder.bit($0 == 0) }
      builder.enforce(builder.sum(bits), equals: x)
    }
    #expect(tooMany.count > 1)
    #expect(free { builder in _ = builder.bits(of: builder.hint(1), count: 253) } == [1])
  }

  @Test("nothing but the inputs of each gadget is free")
  func gadgets() {
    for value in [0, 1, 6, 7] as [Fr] {
      #expect(free { builder in _ = builder.isEqual(builder.hint(value), builder.hint(6)) } == [1, 2])
      #expect(free { builder in _ = builder.bits(of: builder.hint(value), count: 3) } == [1])
      let compared = free { builder in
        let wires = (builder.hint(value), builder.hint(6))
        let ranged = (builder.ranged(wires.0, bits: 3), builder.ranged(wires.1, bits: 3))
        _ = builder.lessThan(ranged.0, ranged.1)
        _ = builder.lessOrEqual(ranged.0, ranged.1)
      }
      #expect(compared == [1, 2])
    }
    #expect(free { builder in builder.enforceNonZero(builder.hint(9)) } == [1])
    let logic = free { builder in
      let bits = (builder.bit(true), builder.bit(false))
      _ = builder.and(bits.0, bits.1)
      _ = builder.select(bits.0, bits.1.combination, builder.hint(8))
    }
    #expect(logic == [1, 2, 4])
    let hash = free { builder in _ = builder.poseidon([builder.hint(1), builder.constant(7), builder.hint(2)]) }
    #expect(hash == [1, 2])
    let root = free { builder in
      let leaf = builder.hint(1)
      let bits = [builder.bit(true), builder.bit(false)]
      let siblings = [builder.hint(5), builder.hint(6)]
      _ = builder.merkleRoot(leaf, bits, siblings)
    }
    #expect(root == [1, 2, 3, 4, 5])
  }

  @Test("a forged wire leaves the constraint broken that holds it")
  func forging() {
    let built = BuiltSystem { builder in
      let out = builder.output()
      builder.bind(out, to: builder.isZero(builder.hint(4)).combination)
    }
    let honest = WireDeduction(WireRules(built), from: built.wires)
    #expect(honest.free == [2] && honest.violations.isEmpty)
    // Wires: 1 the output, 2 the number, 3 its inverse, 4 the answer.
    let forged = WireDeduction(WireRules(built), from: built.wires, forcing: [3: 0, 4: 1])
    #expect(forged.free == [2] && forged.wires[1] == 1)
    #expect(forged.violations == [1], "4 * 1 = 0 is what refuses it")
  }
}
