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
}
