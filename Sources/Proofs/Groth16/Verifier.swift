/// Checks Groth16 proofs against one key.
public struct Verifier: Sendable {
  /// The key.
  public let key: VerifyingKey
  /// e(alpha, beta).
  let alphaBeta: Fp12
  let gamma: PreparedG2
  let delta: PreparedG2
  private let inputs: SmallMultiples

  /// Prepares what the key's proofs share: some 0.5 ms.
  public init(_ key: VerifyingKey) {
    self.key = key
    alphaBeta = Pairing.value(key.alpha, key.beta)
    gamma = PreparedG2(key.gamma)
    delta = PreparedG2(key.delta)
    inputs = SmallMultiples(key.inputs)
  }

  /// Returns when the proof proves the statement: e(A, B) = e(alpha, beta) e(inputs, gamma) e(C, delta).
  ///
  /// The points may come from anywhere. The same statement has many proofs: do not take a proof for an identity.
  /// - Throws: why it proves nothing.
  /// - Complexity: three pairings that share their squares and the final exponentiation.
  public func verify(_ proof: Proof, publicSignals: [Fr]) throws(Rejection) {
    try check(proof, publicSignals)
    let value = MillerLoop.product([
      (proof.a, PreparedG2(proof.b)), (-input(publicSignals), gamma), (-proof.c, delta),
    ])
    guard FinalExponentiation.power(value) == alphaBeta else { throw .equationFails }
  }

  /// What can be seen without a pairing.
  func check(_ proof: Proof, _ publicSignals: [Fr]) throws(Rejection) {
    guard publicSignals.count == key.publicCount else { throw .wrongPublicCount }
    guard !proof.a.isInfinity, !proof.b.isInfinity, !proof.c.isInfinity else { throw .pointAtInfinity }
    guard proof.a.isOnCurve, proof.b.isOnCurve, proof.c.isOnCurve else { throw .pointNotOnCurve }
    guard proof.b.isInSubgroup else { throw .pointNotInSubgroup }
  }

  /// inputs[0] + signals[0] inputs[1] + ...
  private func input(_ publicSignals: [Fr]) -> G1Point { inputs.sum([.one] + publicSignals).affine }
}
