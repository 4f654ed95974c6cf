/// Makes Groth16 proofs with one key.
///
/// Not constant in time: a watcher of the machine learns about the witness.
public struct Prover: Sendable {
  /// The key.
  public let key: ProvingKey
  private let domain: EvaluationDomain

  /// A prover for a key.
  ///
  /// - Throws: `domainTooLarge`.
  public init(_ key: ProvingKey) throws(ProofsError) {
    self.key = key
    domain = try EvaluationDomain(atLeast: key.domainSize)
  }

  /// Proves that the wires fulfil the circuit; what the key cannot tell, a verifier will: a proof of a false statement does
  /// not verify.
  ///
  /// - Parameters:
  ///   - witness: the value of every wire; the first is 1, the public ones follow.
  ///   - randomness: fresh and unpredictable, or the proof gives the witness away.
  ///   - onPhase: told what begins.
  /// - Throws: `wrongWireCount`, `unsatisfied` for a first wire other than 1, `stopped`.
  /// - Complexity: three sums over all wires in G1, one in G2 and one over the domain in G1.
  public func prove(
    witness: [Fr], randomness: inout some RandomNumberGenerator, sharing: WorkSharing = .none,
    shouldStop: @Sendable () -> Bool = { false }, onPhase: (ProvingPhase) -> Void = { _ in }
  ) throws(ProofsError) -> Proof {
    try prove(
      witness: witness, blinding: Blinding(from: &randomness), sharing: sharing, shouldStop: shouldStop,
      onPhase: onPhase)
  }

  func prove(
    witness: [Fr], blinding: Blinding, sharing: WorkSharing = .none, shouldStop: @Sendable () -> Bool = { false },
    onPhase: (ProvingPhase) -> Void = { _ in }
  ) throws(ProofsError) -> Proof {
    guard witness.count == key.wireCount else {
      throw .wrongWireCount(expected: key.wireCount, actual: witness.count)
    }
    guard witness[0] == .one else { throw .unsatisfied(constraint: nil) }
    onPhase(.a)
    let a =
      try MultiScalar.sum(key.a, witness, sharing: sharing, shouldStop: shouldStop)
      + key.verifyingKey.alpha + Jacobian(key.deltaG1).multiplied(by: blinding.r)
    onPhase(.b)
    let b =
      try MultiScalar.sum(key.b2, witness, sharing: sharing, shouldStop: shouldStop)
      + key.verifyingKey.beta + Jacobian(key.verifyingKey.delta).multiplied(by: blinding.s)
    let b1 =
      try MultiScalar.sum(key.b1, witness, sharing: sharing, shouldStop: shouldStop)
      + key.betaG1 + Jacobian(key.deltaG1).multiplied(by: blinding.s)
    onPhase(.c)
    let inner = try MultiScalar.sum(
      key.c, witness[(key.verifyingKey.publicCount + 1)...], sharing: sharing, shouldStop: shouldStop)
    onPhase(.h)
    let quotient = try MultiScalar.sum(
      key.h, quotient(witness, shouldStop), sharing: sharing, shouldStop: shouldStop)
    let c =
      inner + quotient + a.multiplied(by: blinding.s) + b1.multiplied(by: blinding.r)
      + -Jacobian(key.deltaG1).multiplied(by: blinding.r * blinding.s)
    let g1 = Jacobian.affine([a, c])
    return Proof(a: g1[0], b: b.affine, c: g1[1])
  }

  /// The values of left * right - output between the domain's points, where it is not 0; the output is left * right on the
  /// domain when the wires fulfil the constraints.
  ///
  /// - Throws: `stopped`: a transform over millions of points takes seconds.
  private func quotient(_ witness: [Fr], _ shouldStop: () -> Bool) throws(ProofsError) -> [Fr] {
    var left = key.left.products(witness, count: domain.size)
    var right = key.right.products(witness, count: domain.size)
    var output = zip(left, right).map { $0 * $1 }
    if shouldStop() { throw .stopped }
    domain.extend(&left)
    if shouldStop() { throw .stopped }
    domain.extend(&right)
    if shouldStop() { throw .stopped }
    domain.extend(&output)
    for index in output.indices { output[index] = left[index] * right[index] - output[index] }
    return output
  }
}

extension SparseMatrix {
  /// The product of each row with the wires, and zeros up to `count`.
  func products(_ wires: [Fr], count: Int) -> [Fr] {
    (0..<count).map { row in row < rowCount ? product(row: row, wires) : .zero }
  }
}
