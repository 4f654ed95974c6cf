import TestSupport
import Testing

@testable import Proofs

/// A setup whose secrets the test knows, and proofs made from them without any circuit.
private struct OpenSetup {
  let alpha: Fr = 11
  let beta: Fr = 13
  let gamma: Fr = 17
  let delta: Fr = 19
  let inputs: [Fr] = [23, 29, 31]

  var key: VerifyingKey {
    get throws {
      try VerifyingKey(
        alpha: .generator.multiplied(by: alpha), beta: .generator.multiplied(by: beta),
        gamma: .generator.multiplied(by: gamma), delta: .generator.multiplied(by: delta),
        inputs: inputs.map { .generator.multiplied(by: $0) })
    }
  }

  /// A, B and C with a b = alpha beta + input gamma + c delta.
  func proof(a: Fr, b: Fr, signals: [Fr]) -> Proof {
    let input = zip(inputs, [.one] + signals).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    let c = (a * b - alpha * beta - input * gamma) * delta.inverse
    return Proof(
      a: .generator.multiplied(by: a), b: .generator.multiplied(by: b), c: .generator.multiplied(by: c))
  }
}

@Suite("Groth16 verifier") struct VerifierTests {
  private let setup = OpenSetup()
  private let signals: [Fr] = [5, -.one]

  private func rejection(_ verifier: Verifier, _ proof: Proof, _ signals: [Fr]) -> Rejection? {
    do {
      try verifier.verify(proof, publicSignals: signals)
      return nil
    } catch {
      return error
    }
  }

  @Test("what fulfils the equation is accepted, whatever A and B are")
  func equation() throws {
    let verifier = Verifier(try setup.key)
    for (a, b) in [(1, 1), (2, 3), (-.one, 7)] as [(Fr, Fr)] {
      #expect(rejection(verifier, setup.proof(a: a, b: b, signals: signals), signals) == nil)
    }
  }

  @Test func everyPartCounts() throws {
    let verifier = Verifier(try setup.key)
    let proof = setup.proof(a: 2, b: 3, signals: signals)
    let altered: [Proof] = [
      Proof(a: -proof.a, b: proof.b, c: proof.c), Proof(a: proof.a, b: -proof.b, c: proof.c),
      Proof(a: proof.a, b: proof.b, c: -proof.c), Proof(a: proof.c, b: proof.b, c: proof.a),
      Proof(a: proof.a, b: .generator, c: proof.c), Proof(a: .generator, b: proof.b, c: proof.c),
    ]
    for proof in altered { #expect(rejection(verifier, proof, signals) == .equationFails) }
    for index in signals.indices {
      var other = signals
      other[index] += .one
      #expect(rejection(verifier, proof, other) == .equationFails)
    }
    #expect(rejection(verifier, proof, signals.reversed()) == .equationFails)
  }

  @Test func signalsAreCounted() throws {
    let verifier = Verifier(try setup.key)
    let proof = setup.proof(a: 2, b: 3, signals: signals)
    for count in [0, 1, 3, 100] {
      #expect(rejection(verifier, proof, Array(repeating: 5, count: count)) == .wrongPublicCount)
    }
    // Zeros behind the signals would change no sum.
    #expect(rejection(verifier, proof, signals + [.zero]) == .wrongPublicCount)
  }

  @Test func pointsOutsideTheGroupsAreRefused() throws {
    let verifier = Verifier(try setup.key)
    let good = setup.proof(a: 2, b: 3, signals: signals)
    let stray = try strayTwistPoint.get()
    let cases: [(Proof, Rejection)] = [
      (Proof(a: good.a.bent, b: good.b, c: good.c), .pointNotOnCurve),
      (Proof(a: good.a, b: good.b.bent, c: good.c), .pointNotOnCurve),
      (Proof(a: good.a, b: good.b, c: good.c.bent), .pointNotOnCurve),
      (Proof(a: .infinity, b: good.b, c: good.c), .pointAtInfinity),
      (Proof(a: good.a, b: .infinity, c: good.c), .pointAtInfinity),
      (Proof(a: good.a, b: good.b, c: .infinity), .pointAtInfinity),
      (Proof(a: good.a, b: stray, c: good.c), .pointNotInSubgroup),
      (Proof(a: good.a, b: (Jacobian(stray) + good.b).affine, c: good.c), .pointNotInSubgroup),
    ]
    for (proof, expected) in cases { #expect(rejection(verifier, proof, signals) == expected) }
  }

  @Test("anyone can make another proof of the same statement, so its bytes are no identity")
  func malleability() throws {
    let verifier = Verifier(try setup.key)
    let proof = setup.proof(a: 2, b: 3, signals: signals)
    let factor: Fr = 77
    let other = Proof(
      a: proof.a.multiplied(by: factor), b: proof.b.multiplied(by: factor.inverse), c: proof.c)
    #expect(other != proof)
    #expect(rejection(verifier, other, signals) == nil)
  }

  @Test func inputsAreSummedAsTheyAre() throws {
    var sampler = FieldSampler<ScalarParameters>()
    let points = (0..<5).map { _ in G1Point.generator.multiplied(by: sampler.next()) }
    let table = SmallMultiples(points)
    for scalars in [[0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [-.one, 1, -.one, 1, 2], (0..<5).map { _ in sampler.next() }]
      as [[Fr]]
    {
      var expected = Jacobian<Fp>.infinity
      for (point, scalar) in zip(points, scalars) { expected += point.multiplied(by: scalar) }
      #expect(table.sum(scalars) == expected, "\(sampler)")
    }
  }

  @Test func keysWithPointsOutsideTheGroupsAreRefused() throws {
    let key = try setup.key
    let stray = try strayTwistPoint.get()
    func refusal(
      alpha: G1Point? = nil, beta: G2Point? = nil, gamma: G2Point? = nil, delta: G2Point? = nil,
      inputs: [G1Point]? = nil
    ) -> ProofsError? {
      do {
        _ = try VerifyingKey(
          alpha: alpha ?? key.alpha, beta: beta ?? key.beta, gamma: gamma ?? key.gamma, delta: delta ?? key.delta,
          inputs: inputs ?? key.inputs)
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal() == nil)
    #expect(refusal(alpha: .infinity) == .invalidPoint("alpha", .pointAtInfinity))
    #expect(refusal(alpha: key.alpha.bent) == .invalidPoint("alpha", .pointNotOnCurve))
    #expect(refusal(beta: stray) == .invalidPoint("beta", .pointNotInSubgroup))
    #expect(refusal(gamma: .infinity) == .invalidPoint("gamma", .pointAtInfinity))
    #expect(refusal(gamma: key.gamma.bent) == .invalidPoint("gamma", .pointNotOnCurve))
    #expect(refusal(delta: stray) == .invalidPoint("delta", .pointNotInSubgroup))
    #expect(refusal(inputs: []) == .tooManyPublicSignals(-1))
    #expect(refusal(inputs: [key.inputs[0], .infinity]) == .invalidPoint("IC[1]", .pointAtInfinity))
    #expect(refusal(inputs: [key.inputs[0].bent]) == .invalidPoint("IC[0]", .pointNotOnCurve))
    let many = [G1Point](repeating: .generator, count: VerifyingKey.maximumPublicCount + 2)
    #expect(refusal(inputs: many) == .tooManyPublicSignals(VerifyingKey.maximumPublicCount + 1))
  }

  @Test func codesAreStable() {
    #expect(
      Rejection.allCases.map(\.code) == [
        "wrong_public_count", "point_at_infinity", "point_not_on_curve", "point_not_in_subgroup", "equation_fails",
      ])
    #expect(Set(Rejection.allCases.map(\.description)).count == Rejection.allCases.count)
  }
}

@Suite("Groth16 batch verifier") struct BatchVerifierTests {
  private let setup = OpenSetup()

  private func claims(_ count: Int) -> [BatchVerifier.Claim] {
    (0..<count).map { number in
      let signals: [Fr] = [Fr(UInt64(number)), 8]
      return (setup.proof(a: Fr(UInt64(number + 2)), b: 3, signals: signals), signals)
    }
  }

  private func rejections(_ claims: [BatchVerifier.Claim]) throws -> [Rejection?] {
    var randomness = SystemRandomNumberGenerator()
    return BatchVerifier(Verifier(try setup.key)).rejections(claims, randomness: &randomness)
  }

  @Test(arguments: [0, 1, 2, 7]) func goodOnesAreAccepted(count: Int) throws {
    #expect(try rejections(claims(count)) == Array(repeating: nil, count: count))
  }

  @Test func theFalseOnesAreNamed() throws {
    var claims = claims(6)
    claims[1].publicSignals[0] += .one
    claims[3].proof = Proof(a: claims[3].proof.a.bent, b: claims[3].proof.b, c: claims[3].proof.c)
    claims[4].publicSignals = [1]
    claims[5].proof = Proof(a: claims[5].proof.a, b: try strayTwistPoint.get(), c: claims[5].proof.c)
    #expect(
      try rejections(claims) == [nil, .equationFails, nil, .pointNotOnCurve, .wrongPublicCount, .pointNotInSubgroup])
  }

  @Test func allFalse() throws {
    var claims = claims(3)
    for index in claims.indices { claims[index].publicSignals[1] += .one }
    #expect(try rejections(claims) == Array(repeating: .equationFails, count: 3))
  }

  @Test("two errors that cancel out in a plain sum are found")
  func cancellingErrors() throws {
    var claims = claims(2)
    let shift = G1Point.generator
    claims[0].proof = Proof(
      a: claims[0].proof.a, b: claims[0].proof.b, c: (Jacobian(claims[0].proof.c) + shift).affine)
    claims[1].proof = Proof(
      a: claims[1].proof.a, b: claims[1].proof.b, c: (Jacobian(claims[1].proof.c) + -shift).affine)
    #expect(try rejections(claims) == [.equationFails, .equationFails])
  }
}
