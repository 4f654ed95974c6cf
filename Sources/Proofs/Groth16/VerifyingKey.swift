/// What a verifier needs of a circuit's setup.
public struct VerifyingKey: Sendable, Hashable {
  /// alpha in G1.
  public let alpha: G1Point
  /// beta in G2.
  public let beta: G2Point
  /// gamma in G2.
  public let gamma: G2Point
  /// delta in G2.
  public let delta: G2Point
  /// One point for the constant 1 and one for each public signal ("IC").
  public let inputs: [G1Point]

  /// Takes points that are known to be in their groups.
  init(uncheckedAlpha alpha: G1Point, beta: G2Point, gamma: G2Point, delta: G2Point, inputs: [G1Point]) {
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
    self.delta = delta
    self.inputs = inputs
  }

  /// How many public signals a statement has.
  public var publicCount: Int { inputs.count - 1 }

  /// The most public signals of a key.
  public static let maximumPublicCount = 4096

  /// Takes points from outside.
  ///
  /// - Throws: `invalidPoint` for one that is infinity or outside its group: a key with such a point accepts statements that
  ///   nobody has proved. `tooManyPublicSignals`.
  init(alpha: G1Point, beta: G2Point, gamma: G2Point, delta: G2Point, inputs: [G1Point]) throws(ProofsError) {
    guard (1...Self.maximumPublicCount + 1).contains(inputs.count) else {
      throw .tooManyPublicSignals(inputs.count - 1)
    }
    try alpha.check("alpha")
    try beta.check("beta")
    try gamma.check("gamma")
    try delta.check("delta")
    for (index, input) in inputs.enumerated() { try input.check("IC[\(index)]") }
    self.init(uncheckedAlpha: alpha, beta: beta, gamma: gamma, delta: delta, inputs: inputs)
  }
}

extension G1Point {
  /// - Throws: `invalidPoint` with the name for a point that no key has.
  func check(_ name: @autoclosure () -> String) throws(ProofsError) {
    if isInfinity { throw .invalidPoint(name(), .pointAtInfinity) }
    if !isOnCurve { throw .invalidPoint(name(), .pointNotOnCurve) }
  }
}

extension G2Point {
  /// - Throws: `invalidPoint` with the name for a point that no key has.
  func check(_ name: @autoclosure () -> String) throws(ProofsError) {
    if isInfinity { throw .invalidPoint(name(), .pointAtInfinity) }
    if !isOnCurve { throw .invalidPoint(name(), .pointNotOnCurve) }
    if !isInSubgroup { throw .invalidPoint(name(), .pointNotInSubgroup) }
  }
}
