extension G2Point {
  /// Whether the order of the point divides r; the twist has other points too.
  ///
  /// psi^3([2x] P) = [x] P + P + psi([x] P) + psi^2([x] P) holds for those points alone (Dai, Lin, Zhao and Zhou, "Fast subgroup
  /// membership testings for G1, G2 and GT on pairing-friendly curves", 2022).
  /// - Precondition: the point is on the twist.
  /// - Complexity: a multiplication with a number of 63 bits.
  var isInSubgroup: Bool {
    if isInfinity { return true }
    let multiple = Jacobian(self).multiplied(byLimbs: [FinalExponentiation.x])
    let once = multiple.frobenius
    let twice = once.frobenius
    return multiple.doubled.frobenius.frobenius.frobenius == multiple + self + once + twice
  }
}

extension Jacobian<Fp2> {
  /// `G2Point.frobenius`, without the division.
  var frobenius: Self {
    Self(
      x: x.conjugate * Frobenius.factors[2], y: y.conjugate * Frobenius.factors[3], z: z.conjugate)
  }
}
