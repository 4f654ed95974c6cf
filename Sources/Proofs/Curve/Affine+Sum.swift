extension Affine where F == Fp {
  /// The generator times each of the scalars.
  public static func multiples(ofGeneratorBy scalars: [Fr]) -> [Self] {
    FixedPointTable(G1Point.generator).multiplied(by: scalars)
  }

  /// points[0] * scalars[0] + points[1] * scalars[1] + ...: what most of a prover's time goes to.
  ///
  /// - Parameter points: points that are known to be on the curve.
  /// - Throws: `wrongWireCount` unless there are as many scalars as points.
  /// - Complexity: that of `MultiScalar`, on the caller's thread.
  public static func sum(_ points: [Self], times scalars: [Fr]) throws(ProofsError) -> Self {
    guard points.count == scalars.count else {
      throw .wrongWireCount(expected: points.count, actual: scalars.count)
    }
    return try MultiScalar.sum(points, scalars).affine
  }
}
