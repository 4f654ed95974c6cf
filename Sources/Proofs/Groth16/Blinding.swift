/// The two random numbers that hide the witness in a proof; each proof needs new ones.
struct Blinding {
  let r: Fr
  let s: Fr

  /// Draws them, each number of the field equally likely.
  init(from randomness: inout some RandomNumberGenerator) {
    r = .random(from: &randomness)
    s = .random(from: &randomness)
  }

  /// Fixed ones, for tests alone: two proofs with the same blinding give the witness away.
  init(fixed r: Fr, _ s: Fr) {
    self.r = r
    self.s = s
  }
}

extension Mont {
  /// A number of the field, each equally likely: 254 random bits, drawn again until they are below the modulus.
  static func random(from randomness: inout some RandomNumberGenerator) -> Self {
    while true {
      let limbs: Limbs = (randomness.next(), randomness.next(), randomness.next(), randomness.next() >> 2)
      // Montgomery form is a bijection, so a uniform number may be taken for it as it is.
      if isCanonical(limbs) { return Self(montgomery: limbs) }
    }
  }
}
