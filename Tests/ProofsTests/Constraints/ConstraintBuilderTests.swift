import Testing

@testable import Proofs

@Suite("Constraint builder") struct ConstraintBuilderTests {
  @Test("wires stand in the order constant, outputs, inputs, private")
  func order() {
    let built = BuiltSystem { builder in
      let outputs = (builder.output(), builder.output())
      let input = builder.input(10)
      let hint = builder.hint(20)
      builder.bind(outputs.1, to: input)
      builder.bind(outputs.0, to: hint)
    }
    #expect(built.wires == [1, 20, 10, 10, 20])
    #expect(built.system.wireCount == 5 && built.system.outputCount == 2 && built.system.publicCount == 3)
    #expect(built.system.constraintCount == 2 && built.holds)
  }

  @Test("a product with a constant costs neither wire nor constraint; one of wires costs one of each")
  func products() {
    var builder = ConstraintBuilder(.system)
    let (x, y) = (builder.hint(3), builder.hint(4))
    #expect(builder.product(x, builder.constant(5)).value == 15)
    #expect(builder.product(builder.constant(5), y).value == 20)
    #expect(builder.product(builder.constant(.zero), y).terms.isEmpty)
    #expect(builder.wires.count == 3 && builder.constraintCount == 0)
    #expect(builder.product(x, y).value == 12)
    #expect(builder.wires == [1, 3, 4, 12] && builder.constraintCount == 1)
    let system = builder.system()
    #expect(system.left[0].map(\.wire) == [1] && system.right[0].map(\.wire) == [2])
    #expect(system.output[0].map(\.wire) == [3])
  }

  @Test("both purposes make the same wires and find the same first violation")
  func purposes() {
    func write(_ builder: inout ConstraintBuilder) {
      let wire = builder.hint(3)
      builder.enforce(wire, equals: builder.constant(3))
      builder.enforce(wire, times: wire, equals: builder.constant(8))
      builder.enforce(wire, equals: builder.constant(4))
    }
    var system = ConstraintBuilder(.system)
    var values = ConstraintBuilder(.witness)
    write(&system)
    write(&values)
    #expect(system.wires == values.wires)
    #expect(system.firstViolation == 1 && values.firstViolation == 1)
    #expect(system.system().firstViolation(values.wires) == 1)
    #expect(system.constraintCount == 3 && values.constraintCount == 3)
  }

  @Test("a system says which constraint is broken first, or none")
  func violations() {
    var built = BuiltSystem { builder in
      let wires = (builder.hint(2), builder.hint(3))
      builder.enforce(wires.0, times: wires.0, equals: builder.constant(4))
      builder.enforce(wires.0, times: wires.1, equals: builder.constant(6))
    }
    #expect(built.system.firstViolation(built.wires) == nil)
    built.wires[2] = 4
    #expect(built.system.firstViolation(built.wires) == 1)
    built.wires[1] = 3
    #expect(built.system.firstViolation(built.wires) == 0)
  }

  @Test("rows of a sparse matrix, also empty ones")
  func sparseRows() {
    var matrix = SparseMatrix()
    matrix.append([])
    matrix.append([SparseMatrix.Entry(wire: 0, coefficient: 2), SparseMatrix.Entry(wire: 2, coefficient: 5)])
    matrix.append([])
    matrix.append([SparseMatrix.Entry(wire: 1, coefficient: -.one)])
    #expect(matrix.rowCount == 4 && matrix.entries.count == 3)
    #expect((0..<4).map { matrix[$0].count } == [0, 2, 0, 1])
    #expect((0..<4).map { matrix.product(row: $0, [1, 7, 10]) } == [0, 52, 0, -Fr(7)])
  }

  @Test("an order of wires that would shift the public signals ends the process")
  func wrongOrder() async {
    await #expect(processExitsWith: .failure) {
      var builder = ConstraintBuilder(.witness)
      _ = builder.hint(1)
      _ = builder.input(2)
    }
    await #expect(processExitsWith: .failure) {
      var builder = ConstraintBuilder(.witness)
      _ = builder.input(1)
      _ = builder.output()
    }
  }

  @Test("an output that nothing holds is no system")
  func unboundOutput() async {
    await #expect(processExitsWith: .failure) {
      var builder = ConstraintBuilder(.system)
      _ = builder.output()
      _ = builder.system()
    }
    await #expect(processExitsWith: .failure) {
      var builder = ConstraintBuilder(.system)
      let out = builder.output()
      builder.bind(out, to: builder.one)
      builder.bind(out, to: builder.constant(2))
    }
  }

  @Test("254 bits, which would hold x and x + r, are refused when the circuit is written")
  func tooManyBits() async {
    await #expect(processExitsWith: .failure) {
      var builder = ConstraintBuilder(.system)
      _ = builder.bits(of: builder.hint(1), count: 254)
    }
    await #expect(processExitsWith: .failure) {
      var builder = ConstraintBuilder(.system)
      let wide = builder.ranged(builder.hint(1), bits: 253)
      _ = builder.lessThan(wide, wide)
    }
  }
}
