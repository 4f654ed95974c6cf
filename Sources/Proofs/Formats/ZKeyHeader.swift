/// What a `.zkey` file says of itself before its lists.
struct ZKeyHeader {
  let wireCount: Int
  let publicCount: Int
  let domainSize: Int
  let betaG1: G1Point
  let deltaG1: G1Point
  private let alpha: G1Point
  private let beta: G2Point
  private let gamma: G2Point
  private let delta: G2Point

  /// - Throws: `unsupportedProtocol`, `wrongCurve`, `malformedFile`, `notCanonical`, `invalidPoint`, `domainTooLarge`.
  init(_ file: BinarySections) throws(ProofsError) {
    var format = try file.reader(ZKey.Section.format)
    let number = try format.uint32()
    guard number == ZKey.groth16 else { throw .unsupportedProtocol(number) }
    var reader = try file.reader(ZKey.Section.header)
    try reader.prime(Fp.self)
    try reader.prime(Fr.self)
    wireCount = Int(try reader.uint32())
    publicCount = Int(try reader.uint32())
    domainSize = Int(try reader.uint32())
    guard publicCount <= VerifyingKey.maximumPublicCount else { throw .tooManyPublicSignals(publicCount) }
    guard publicCount < wireCount else {
      throw reader.malformed("\(publicCount) public signals do not fit \(wireCount) wires")
    }
    guard domainSize >= 2, domainSize & (domainSize - 1) == 0 else {
      throw reader.malformed("a domain of \(domainSize) points is no power of two")
    }
    guard domainSize.trailingZeroBitCount < EvaluationDomain.maximumLogarithm else {
      throw .domainTooLarge(domainSize.trailingZeroBitCount)
    }
    alpha = try reader.g1()
    betaG1 = try reader.g1()
    beta = try reader.g2()
    gamma = try reader.g2()
    deltaG1 = try reader.g1()
    delta = try reader.g2()
    try betaG1.check("beta (G1)")
    try deltaG1.check("delta (G1)")
  }

  /// The verifying key, with the inputs from their section.
  func verifyingKey(_ file: BinarySections) throws(ProofsError) -> VerifyingKey {
    var reader = try file.reader(ZKey.Section.inputs, count: publicCount + 1, of: 64)
    var inputs: [G1Point] = []
    for _ in 0...publicCount { inputs.append(try reader.g1()) }
    return try VerifyingKey(alpha: alpha, beta: beta, gamma: gamma, delta: delta, inputs: inputs)
  }
}
