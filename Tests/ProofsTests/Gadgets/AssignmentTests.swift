import TestSupport
import Testing

@testable import Proofs

/// Small gadgets against every assignment of their wires over a set of numbers: those that satisfy are the gadget's table.
@Suite("Every assignment of small gadgets") struct AssignmentTests {
  private static let domain: [Fr] = [
    0, 1, 2, 3, 4, -.one, -Fr(2), -Fr(3), Fr(2).inverse, Fr(3).inverse, -Fr(2).inverse,
  ]

  @Test func isZero() {
    let built = BuiltSystem { builder in _ = builder.isZero(builder.hint(1)) }
    let found = built.assignments(over: Self.domain).map { Array($0.dropFirst()) }
    let expected = Self.domain.filter { Self.domain.contains($0.inverse) }
      .map { [$0, $0.inverse, $0.isZero ? 1 : 0] as [Fr] }
    #expect(found == expected && found.count > 5)
  }

  @Test func isEqual() {
    let built = BuiltSystem { builder in _ = builder.isEqual(builder.hint(1), builder.hint(2)) }
    let found = built.assignments(over: Self.domain)
    for wires in found { #expect(wires[4] == (wires[1] == wires[2] ? 1 : 0)) }
    #expect(found.count { $0[1] == $0[2] } == Self.domain.count)
    #expect(found.count > 2 * Self.domain.count)
  }

  @Test func nonZero() {
    let built = BuiltSystem { builder in builder.enforceNonZero(builder.hint(1)) }
    let found = built.assignments(over: Self.domain)
    #expect(!found.isEmpty && found.allSatisfy { !$0[1].isZero && $0[2] == $0[1].inverse })
  }

  @Test("two bits hold 0 to 3, each in one way")
  func bits() {
    let built = BuiltSystem { builder in _ = builder.bits(of: builder.hint(1), count: 2) }
    let found = built.assignments(over: Self.domain).map { Array($0.dropFirst()) }
    #expect(found == [[0, 0, 0], [1, 1, 0], [2, 0, 1], [3, 1, 1]])
  }

  @Test("lessThan of two bits: 16 pairs, each with the right answer and in one way")
  func lessThan() {
    let built = BuiltSystem { builder in
      let out = builder.output()
      let wires = (builder.hint(1), builder.hint(2))
      let ranged = (builder.ranged(wires.0, bits: 2), builder.ranged(wires.1, bits: 2))
      builder.bind(out, to: builder.lessThan(ranged.0, ranged.1).combination)
    }
    let found = built.assignments(over: [0, 1, 2, 3, 4, -.one])
    #expect(found.count == 16 && Set(found.map { [$0[2], $0[3]] }).count == 16)
    for wires in found {
      let (left, right) = (wires[2].canonicalLimbs.0, wires[3].canonicalLimbs.0)
      #expect(wires[1] == (left < right ? 1 : 0), "\(left) \(right)")
    }
  }

  @Test("and, not, select: their tables")
  func logic() {
    let built = BuiltSystem { builder in
      let outputs = (builder.output(), builder.output(), builder.output())
      let bits = (builder.bit(true), builder.bit(false))
      builder.bind(outputs.0, to: builder.and(bits.0, bits.1).combination)
      builder.bind(outputs.1, to: builder.not(bits.0).combination)
      builder.bind(outputs.2, to: builder.select(bits.0, builder.constant(3), bits.1.combination + builder.one))
    }
    // Wires: the outputs, the bits, and the products.
    let found = Set(built.assignments(over: [0, 1, 2, 3, -.one]).map { Array($0[1...5]) })
    #expect(found == [[0, 1, 1, 0, 0], [0, 1, 2, 0, 1], [0, 0, 3, 1, 0], [1, 0, 3, 1, 1]])
  }

  @Test("no two wires beside the inputs can be moved together")
  func pairs() {
    var sampler = FieldSampler<ScalarParameters>()
    let shifts: [Fr] = [1, -.one, 2, -Fr(2), sampler.next()]
    for value in [0, 1, 5] as [Fr] {
      let zero = BuiltSystem { builder in
        let out = builder.output()
        builder.bind(out, to: builder.isZero(builder.hint(value)).combination)
      }
      #expect(zero.freePairs(but: [2], shifts: shifts).isEmpty, "\(sampler)")
      let compared = BuiltSystem { builder in
        let out = builder.output()
        let wires = (builder.hint(value), builder.hint(3))
        let ranged = (builder.ranged(wires.0, bits: 3), builder.ranged(wires.1, bits: 3))
        builder.bind(out, to: builder.lessThan(ranged.0, ranged.1).combination)
      }
      #expect(compared.holds && compared.freePairs(but: [2, 3], shifts: shifts).isEmpty, "\(sampler)")
    }
    // Such pairs are seen: two wires of which only the sum is held.
    let loose = BuiltSystem { builder in
      builder.enforce(builder.hint(2) + builder.hint(3), equals: builder.constant(5))
    }
    #expect(loose.freePairs(but: [], shifts: shifts) == [[1, 2]])
  }
}
