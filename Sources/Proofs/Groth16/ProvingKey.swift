/// What a prover needs of a circuit's setup: the content of a `.zkey` file.
///
/// Wire 0 is the constant 1, wires 1 to `publicCount` are public. All points are known to be in their groups.
public struct ProvingKey: Sendable {
  /// The key that verifies this one's proofs.
  public let verifyingKey: VerifyingKey
  /// beta in G1.
  let betaG1: G1Point
  /// delta in G1.
  let deltaG1: G1Point
  /// How many wires a witness has, wire 0 included.
  public let wireCount: Int
  /// The size of the evaluation domain, a power of two of at least 2.
  let domainSize: Int
  /// Left sides of the constraints, a row each; after them the rows that make public wires independent (a one at wire 0 to
  /// `publicCount`).
  let left: SparseMatrix
  /// Right sides of the constraints.
  let right: SparseMatrix
  /// For each wire, its left polynomial at tau in G1.
  let a: [G1Point]
  /// For each wire, its right polynomial at tau in G1.
  let b1: [G1Point]
  /// For each wire, its right polynomial at tau in G2.
  let b2: [G2Point]
  /// For each private wire, what C holds of it, over delta.
  let c: [G1Point]
  /// For each place of the odd coset, its part of the quotient, over delta: `domainSize` points.
  let h: [G1Point]
}
