/// Keys for development and tests, made from secrets that everyone can compute.
///
/// The secrets follow from the circuit's name, so that all workers of an installation have the same keys without sharing
/// a file. Whoever reads this source can forge proofs for these keys: they are marked `insecure-dev`, and production
/// refuses them. The construction is that of Groth (2016) with gamma = 1.
public enum DevelopmentSetup {
  /// The proving key of a circuit.
  ///
  /// - Throws: `domainTooLarge`.
  /// - Complexity: four multiplications in G1 and one in G2 a wire, one in G1 a point of the domain.
  public static func provingKey(for system: ConstraintSystem, named name: String) throws(ProofsError) -> ProvingKey {
    let setup = try Evaluated(system, Secrets(name))
    let g1 = FixedPointTable(G1Point.generator)
    let b2 = FixedPointTable(G2Point.generator).multiplied(by: setup.right)
    return ProvingKey(
      verifyingKey: setup.verifyingKey(), betaG1: .generator.multiplied(by: setup.secrets.beta),
      deltaG1: .generator.multiplied(by: setup.secrets.delta), wireCount: system.wireCount,
      domainSize: setup.domain.size, left: setup.boundLeft, right: setup.boundRight,
      a: g1.multiplied(by: setup.left), b1: g1.multiplied(by: setup.right), b2: b2,
      c: g1.multiplied(by: setup.privateScalars()), h: g1.multiplied(by: try setup.quotientScalars()))
  }

  /// The verifying key alone, the same as that of the proving key.
  ///
  /// - Throws: `domainTooLarge`.
  /// - Complexity: a multiplication in G1 a public wire, and a few products an entry of the constraints.
  public static func verifyingKey(for system: ConstraintSystem, named name: String) throws(ProofsError) -> VerifyingKey
  {
    try Evaluated(system, Secrets(name)).verifyingKey()
  }

  /// Whether anybody can forge proofs for a key, as its points tell even when its file says otherwise.
  ///
  /// Alpha is that of this setup: a party that contributed later hides its delta, but tau, alpha and beta are still known, and
  /// the points of the private wires give away what else a forger needs. Or delta is gamma: nobody has contributed, and
  /// A = alpha, B = beta, C = -inputs prove every statement.
  /// - Parameter names: the circuits that the key may have been made for.
  /// - Complexity: five hashes and a multiplication in G1 a name.
  public static func canForge(_ key: VerifyingKey, names: some Sequence<String>) -> Bool {
    key.delta == key.gamma || names.contains { key.alpha == .generator.multiplied(by: Secrets($0).alpha) }
  }

  /// What nobody may know of a real setup.
  private struct Secrets {
    let tau: Fr
    let alpha: Fr
    let beta: Fr
    let delta: Fr

    init(_ name: String) {
      // The name in pieces below the modulus, hashed one after the other, then numbered.
      var seed: Fr = 0
      let bytes = Array(name.utf8)
      for start in stride(from: 0, to: bytes.count, by: 8) {
        let piece = bytes[start..<min(start + 8, bytes.count)].reduce(1 as UInt64) { $0 &* 256 &+ UInt64($1) }
        seed = Poseidon.hash(seed, Fr(piece))
      }
      // Zero, or a tau in the domain, would need a hash with one of some 2^28 values of 2^254.
      tau = Poseidon.hash(seed, 1)
      alpha = Poseidon.hash(seed, 2)
      beta = Poseidon.hash(seed, 3)
      delta = Poseidon.hash(seed, 4)
    }
  }

  /// The polynomials of all wires at tau.
  private struct Evaluated {
    let secrets: Secrets
    let system: ConstraintSystem
    let domain: EvaluationDomain
    /// The constraints' left sides and the rows that bind the public wires.
    let boundLeft: SparseMatrix
    let boundRight: SparseMatrix
    let left: [Fr]
    let right: [Fr]
    let output: [Fr]

    init(_ system: ConstraintSystem, _ secrets: Secrets) throws(ProofsError) {
      self.secrets = secrets
      self.system = system
      domain = try EvaluationDomain(atLeast: system.constraintCount + system.publicCount + 1)
      var boundLeft = system.left
      var boundRight = system.right
      for wire in 0...system.publicCount {
        boundLeft.append([.init(wire: Int32(truncatingIfNeeded: wire), coefficient: .one)])
        boundRight.append([])
      }
      self.boundLeft = boundLeft
      self.boundRight = boundRight
      let lagrange = domain.lagrange(at: secrets.tau)
      left = boundLeft.combined(lagrange, columns: system.wireCount)
      right = boundRight.combined(lagrange, columns: system.wireCount)
      output = system.output.combined(lagrange, columns: system.wireCount)
    }

    func verifyingKey() -> VerifyingKey {
      VerifyingKey(
        uncheckedAlpha: .generator.multiplied(by: secrets.alpha), beta: .generator.multiplied(by: secrets.beta),
        gamma: .generator, delta: .generator.multiplied(by: secrets.delta),
        inputs: (0...system.publicCount).map { G1Point.generator.multiplied(by: sum(of: $0)) })
    }

    func privateScalars() -> [Fr] {
      let inverse = secrets.delta.inverse
      return (system.publicCount + 1..<system.wireCount).map { sum(of: $0) * inverse }
    }

    /// The Lagrange polynomials of the domain of double size at tau, for the points that are not in the domain.
    func quotientScalars() throws(ProofsError) -> [Fr] {
      let double = try EvaluationDomain(logarithm: domain.logarithm + 1)
      let inverse = secrets.delta.inverse
      let values = double.lagrange(at: secrets.tau)
      return stride(from: 1, to: values.count, by: 2).map { values[$0] * inverse }
    }

    private func sum(of wire: Int) -> Fr {
      secrets.beta * left[wire] + secrets.alpha * right[wire] + output[wire]
    }
  }
}

extension SparseMatrix {
  /// The sum of all rows, each times its weight.
  ///
  /// - Precondition: there are at least as many weights as rows, and every wire is below `columns`.
  func combined(_ weights: [Fr], columns: Int) -> [Fr] {
    var sums = [Fr](repeating: .zero, count: columns)
    for row in 0..<rowCount {
      for entry in self[row] { sums[Int(entry.wire)] += entry.coefficient * weights[row] }
    }
    return sums
  }
}
