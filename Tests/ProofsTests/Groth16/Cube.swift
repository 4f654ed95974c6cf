import TestSupport

@testable import Proofs

/// The smallest circuit worth proving: "I know the cube root of y", for a context.
struct Cube: Circuit {
  static let name = "cube"
  static let publicSignalNames = ["y", "context"]
  static let example = Cube(x: 3, context: 7)

  let x: Fr
  let context: Fr

  func synthesize(_ builder: inout ConstraintBuilder) {
    let y = builder.output()
    let input = builder.input(context)
    _ = builder.product(input, input)
    let root = builder.hint(x)
    let square = builder.product(root, root)
    builder.bind(y, to: builder.product(square, root))
  }

  /// Made once for all tests.
  static let key = Result { try DevelopmentSetup.provingKey(for: system, named: name) }

  /// A proof of the example with its signals.
  static func proved(seed: UInt64 = 1) throws -> (proof: Proof, signals: [Fr]) {
    let witness = try example.witness()
    var randomness = SeededGenerator(seed: seed)
    let proof = try Prover(try key.get()).prove(witness: witness.wires, randomness: &randomness)
    return (proof, witness.publicSignals)
  }
}

extension Affine {
  /// The point with another first coordinate: off the curve.
  var bent: Self { Self(uncheckedX: x + .one, y: y) }
}

/// A point of the twist whose order does not divide r.
let strayTwistPoint = Result {
  G2Point(
    uncheckedX: Fp2(1, 0),
    y: Fp2(
      try Fp(decimal: "18278151005453108793778860132295291098363647455926340152056652516292830556603"),
      try Fp(decimal: "5912654199736721486680175016176231956195085055698687135131307249486702594212")))
}
