import TestSupport
import Testing

@testable import Proofs

@Suite("Gadgets") struct GadgetTests {
  private let values: [Fr] = [0, 1, 2, 3, -.one, Fr(1 << 63)]

  @Test("isZero says 1 for 0 alone, and nothing else satisfies it")
  func isZero() {
    for value in values {
      var built = BuiltSystem { builder in
        let out = builder.output()
        builder.bind(out, to: builder.isZero(builder.hint(value)).combination)
      }
      #expect(built.holds)
      #expect(built.wires[1] == (value.isZero ? 1 : 0))
      // The hole of a circuit with one of the two constraints: a prover who picks the answer and an inverse to fit.
      let answer = built.wires[1]
      for inverse in [0, 1, -.one, value.inverse] as [Fr] {
        built.wires = [1, 1 - answer, value, inverse, 1 - answer]
        #expect(!built.holds, "\(value.decimal), inverse \(inverse.decimal)")
      }
    }
  }

  @Test func isEqual() {
    for left in values {
      for right in values {
        let built = BuiltSystem { builder in
          let out = builder.output()
          let wires = (builder.hint(left), builder.hint(right))
          builder.bind(out, to: builder.isEqual(wires.0, wires.1).combination)
        }
        #expect(built.holds && built.wires[1] == (left == right ? 1 : 0))
      }
    }
  }

  @Test func bitsAreZeroOrOne() {
    for value in values {
      let built = BuiltSystem { builder in _ = builder.boolean(builder.hint(value)) }
      #expect(built.holds == (value == 0 || value == 1))
    }
  }

  @Test func logic() {
    for left in [false, true] {
      for right in [false, true] {
        let built = BuiltSystem { builder in
          let outputs = (builder.output(), builder.output(), builder.output())
          let bits = (builder.bit(left), builder.bit(right))
          builder.bind(outputs.0, to: builder.and(bits.0, bits.1).combination)
          builder.bind(outputs.1, to: builder.not(bits.0).combination)
          builder.bind(outputs.2, to: builder.select(bits.0, builder.constant(7), bits.1.combination))
        }
        #expect(built.holds)
        #expect(built.wires[1...3] == [left && right ? 1 : 0, left ? 0 : 1, left ? 7 : right ? 1 : 0])
      }
    }
  }

  @Test("every number of 4 bits has its bits, and no other number has any")
  func bits() {
    for number in 0..<40 as Range<UInt64> {
      let built = BuiltSystem { builder in
        let outputs = (0..<4).map { _ in builder.output() }
        let bits = builder.bits(of: builder.hint(Fr(number)), count: 4)
        for (output, bit) in zip(outputs, bits) { builder.bind(output, to: bit.combination) }
      }
      #expect(built.holds == (number < 16))
      if number < 16 { #expect(built.wires[1...4] == (0..<4).map { Fr(number >> UInt64($0) & 1) }[...]) }
    }
    let negative = BuiltSystem { builder in _ = builder.ranged(builder.hint(-.one), bits: 253) }
    #expect(!negative.holds)
    let largest = BuiltSystem { builder in _ = builder.ranged(builder.hint(Fr(2).power(253) - 1), bits: 253) }
    #expect(largest.holds)
    let above = BuiltSystem { builder in _ = builder.ranged(builder.hint(Fr(2).power(253)), bits: 253) }
    #expect(!above.holds)
  }

  @Test("comparisons of all pairs of 3 bits, and at the ends of 40")
  func comparisons() {
    var pairs: [(UInt64, UInt64, Int)] = []
    for left in 0..<8 as Range<UInt64> { for right in 0..<8 as Range<UInt64> { pairs.append((left, right, 3)) } }
    let top = UInt64(1) << 40 - 1
    for (left, right) in [(0, 0), (0, top), (top, 0), (top, top), (top - 1, top), (top, top - 1)] {
      pairs.append((left, right, 40))
    }
    for (left, right, bits) in pairs {
      let built = BuiltSystem { builder in
        let outputs = (builder.output(), builder.output())
        let wires = (builder.hint(Fr(left)), builder.hint(Fr(right)))
        let ranged = (builder.ranged(wires.0, bits: bits), builder.ranged(wires.1, bits: bits))
        builder.bind(outputs.0, to: builder.lessThan(ranged.0, ranged.1).combination)
        builder.bind(outputs.1, to: builder.lessOrEqual(ranged.0, ranged.1).combination)
      }
      #expect(built.holds)
      #expect(built.wires[1...2] == [left < right ? 1 : 0, left <= right ? 1 : 0], "\(left) \(right)")
    }
  }

  @Test("a comparison cannot wrap: an operand out of its range satisfies nothing")
  func wrap() {
    // Without the range checks -1 would pass for a small number of the difference.
    for (left, right) in [(-.one, 1), (1, -.one), (16, 1), (1, 16), (Fr(2).power(200), 3)] as [(Fr, Fr)] {
      let built = BuiltSystem { builder in
        let wires = (builder.hint(left), builder.hint(right))
        let ranged = (builder.ranged(wires.0, bits: 4), builder.ranged(wires.1, bits: 4))
        _ = builder.lessThan(ranged.0, ranged.1)
      }
      #expect(!built.holds)
    }
  }

  @Test("operands of different widths are compared at the wider one")
  func widths() {
    for (left, right) in [(3, 200), (0, 0), (3, 2), (3, 3)] as [(UInt64, UInt64)] {
      let built = BuiltSystem { builder in
        let out = builder.output()
        let wires = (builder.hint(Fr(left)), builder.hint(Fr(right)))
        let ranged = (builder.ranged(wires.0, bits: 2), builder.ranged(wires.1, bits: 8))
        builder.bind(out, to: builder.lessThan(ranged.0, ranged.1).combination)
      }
      #expect(built.holds && built.wires[1] == (left < right ? 1 : 0))
    }
  }

  @Test func nonZero() {
    for value in values {
      let built = BuiltSystem { builder in builder.enforceNonZero(builder.hint(value)) }
      #expect(built.holds == !value.isZero)
    }
  }

  @Test("Poseidon in constraints is Poseidon", arguments: [1, 2, 3, 5, 6, 16])
  func poseidon(count: Int) throws {
    var sampler = FieldSampler<ScalarParameters>()
    let inputs = (0..<count).map { _ in sampler.next() }
    let built = BuiltSystem { builder in
      let out = builder.output()
      var wires: [LinearCombination] = []
      for input in inputs { wires.append(builder.hint(input)) }
      builder.bind(out, to: builder.poseidon(wires))
    }
    #expect(built.holds, "\(sampler)")
    #expect(try built.wires[1] == Poseidon.hash(inputs), "\(sampler)")
    if count == 2 { #expect(built.system.constraintCount == 240 + 1) }
  }

  @Test("a constant input costs no constraint and changes no hash")
  func poseidonOfConstants() throws {
    let built = BuiltSystem { builder in
      let out = builder.output()
      let wire = builder.hint(5)
      builder.bind(out, to: builder.poseidon([builder.constant(2), wire]))
    }
    #expect(built.holds && built.wires[1] == Poseidon.hash(2, 5))
    #expect(built.system.constraintCount < 240)
  }

  @Test("the root of the one leaf 12345 at depth 20")
  func merkleRoot() throws {
    let expected = try Fr(
      decimal: "2526631960153697962617808322434754387958301545477562263165273530210448889916")
    let siblings = try (0..<20).map { try ZeroHashes.root(depth: $0) }
    let built = BuiltSystem { builder in
      let out = builder.output()
      let leaf = builder.hint(12345)
      var bits: [Bit] = []
      for _ in 0..<20 { bits.append(builder.bit(false)) }
      var neighbours: [LinearCombination] = []
      for sibling in siblings { neighbours.append(builder.hint(sibling)) }
      builder.bind(out, to: builder.merkleRoot(leaf, bits, neighbours))
    }
    #expect(built.holds && built.wires[1] == expected)
  }

  @Test("combinations are folded: no wire stands twice, none with 0")
  func folding() {
    var builder = ConstraintBuilder(.system)
    let (x, y) = (builder.hint(3), builder.hint(4))
    let sum = x * 2 + y + x + builder.constant(5) - y
    #expect(sum.value == 14)
    #expect(sum.terms.map(\.wire) == [0, 1] && sum.terms.map(\.coefficient) == [5, 3])
    #expect((x - x).terms.isEmpty && (x * 0).isConstant)
    #expect(!(x - x).isConstant || (x - x).value == 0)
  }
}
