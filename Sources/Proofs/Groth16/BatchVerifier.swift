/// Checks many proofs under one key at a fraction of the price.
///
/// Each proof's equation is multiplied by a random number of 128 bits and all are added: false ones cancel out with a
/// probability of 2^-128, as long as nobody knew the numbers when the proofs were made.
public struct BatchVerifier: Sendable {
  /// A proof and what it is to prove.
  public typealias Claim = (proof: Proof, publicSignals: [Fr])

  private let verifier: Verifier

  /// A batch verifier for the key of a verifier.
  public init(_ verifier: Verifier) { self.verifier = verifier }

  /// Why each claim proves nothing; nil for those that do.
  ///
  /// - Parameter randomness: unpredictable, and drawn from only now.
  /// - Complexity: one Miller loop and three multiplications a claim; when one of them is false, all are checked singly.
  public func rejections(_ claims: [Claim], randomness: inout some RandomNumberGenerator) -> [Rejection?] {
    var rejections: [Rejection?] = claims.map { claim in
      do throws(Rejection) {
        try verifier.check(claim.proof, claim.publicSignals)
        return nil
      } catch {
        return error
      }
    }
    let sound = claims.indices.filter { rejections[$0] == nil }
    if sound.count > 1, holds(sound.map { claims[$0] }, &randomness) { return rejections }
    for index in sound {
      do throws(Rejection) {
        try verifier.verify(claims[index].proof, publicSignals: claims[index].publicSignals)
      } catch {
        rejections[index] = error
      }
    }
    return rejections
  }

  /// Whether the sum of all equations holds: the product of e(z A, B) is e(sum z alpha, beta) e(sum z inputs, gamma)
  /// e(sum z C, delta).
  private func holds(_ claims: [Claim], _ randomness: inout some RandomNumberGenerator) -> Bool {
    let key = verifier.key
    var pairs: [MillerLoop.Pair] = []
    var weights: [Fr] = []
    var signals = [Fr](repeating: .zero, count: key.inputs.count)
    var lefts: [Jacobian<Fp>] = []
    for claim in claims {
      // k1 + lambda k2 with both of 64 bits: 2^128 different numbers that multiply in half the doublings of one of 128 bits.
      let (k1, k2) = (randomness.next() as UInt64, randomness.next() as UInt64)
      let weight = Fr(k1) + Endomorphism.lambda * Fr(k2)
      weights.append(weight)
      lefts.append(Jacobian(claim.proof.a).multiplied(by: k1, imageBy: k2))
      signals[0] += weight
      for (index, signal) in claim.publicSignals.enumerated() { signals[index + 1] += weight * signal }
    }
    for (left, claim) in zip(Jacobian.affine(lefts), claims) { pairs.append((left, PreparedG2(claim.proof.b))) }
    let input = MultiScalar.wholeSum(key.inputs, signals).affine
    let c = MultiScalar.wholeSum(claims.map(\.proof.c), weights).affine
    let alpha = -key.alpha.multiplied(by: signals[0])
    for (g1, g2) in [(-input, verifier.gamma), (-c, verifier.delta), (alpha, PreparedG2(key.beta))]
    where !g1.isInfinity {
      pairs.append((g1, g2))
    }
    return FinalExponentiation.power(MillerLoop.product(pairs)) == .one
  }
}
