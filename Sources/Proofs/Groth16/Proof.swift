/// A Groth16 proof: three points (Groth, "On the Size of Pairing-based Non-interactive Arguments", 2016).
///
/// Anyone can make another valid proof of the same statement from it, so its bytes identify nothing.
public struct Proof: Sendable, Hashable {
  /// A.
  public let a: G1Point
  /// B.
  public let b: G2Point
  /// C.
  public let c: G1Point

  /// A proof as it came; `Verifier` checks its points.
  public init(a: G1Point, b: G2Point, c: G1Point) {
    self.a = a
    self.b = b
    self.c = c
  }
}
