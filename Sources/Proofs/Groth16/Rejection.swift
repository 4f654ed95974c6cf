/// Why a proof proves nothing to a verifier.
public enum Rejection: String, Error, Sendable, Hashable, CaseIterable {
  /// There are more or fewer public signals than the key's circuit has.
  case wrongPublicCount = "wrong_public_count"
  /// A point of the proof is infinity, which no honest prover makes.
  case pointAtInfinity = "point_at_infinity"
  /// A point's coordinates do not fulfil the curve's equation.
  case pointNotOnCurve = "point_not_on_curve"
  /// B is on the twist but not in the group of order r.
  case pointNotInSubgroup = "point_not_in_subgroup"
  /// The points are well-formed but do not prove this statement under this key.
  case equationFails = "equation_fails"

  /// A stable word for results, logs and comparison.
  public var code: String { rawValue }
}

extension Rejection: CustomStringConvertible {
  /// What is wrong.
  public var description: String {
    switch self {
    case .wrongPublicCount: "another number of public signals than the verification key's circuit has"
    case .pointAtInfinity: "a point of the proof is the point at infinity"
    case .pointNotOnCurve: "a point of the proof is not on its curve"
    case .pointNotInSubgroup: "pi_b is not in the group of order r"
    case .equationFails: "the proof does not prove these public signals under this verification key"
    }
  }

  /// What is wrong with a point of a key.
  var keyPoint: String {
    switch self {
    case .pointAtInfinity: "the point is infinity, so the key proves nothing"
    case .pointNotOnCurve: "the point is not on its curve"
    case .pointNotInSubgroup: "the point is not in the group of order r"
    case .wrongPublicCount, .equationFails: description
    }
  }
}
