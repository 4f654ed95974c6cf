/// `compliance`: "the memory of this commitment is (not) kept by these rules": active, under a key of at least this version,
/// and in no forbidden category.
public struct Compliance: Circuit {
  /// The name of its keys.
  public static let name = "compliance"
  /// The public signals, outputs first.
  public static let publicSignalNames = [
    "compliant", "commitment", "min_key_version", "forbidden_finance", "forbidden_health", "forbidden_personal",
    "context",
  ]
  /// Some statement.
  public static let example = Compliance(
    .example, minKeyVersion: 1, forbidden: MemoryFlags(finance: false, health: false, personal: true), context: 0)

  private static let versionBits = 32

  let opening: MemoryOpening
  let minKeyVersion: UInt32
  let forbidden: MemoryFlags
  let context: Fr

  /// A statement about the opening's commitment.
  ///
  /// - Parameters:
  ///   - minKeyVersion: the oldest key that is good enough.
  ///   - forbidden: categories that the memory must not be in.
  ///   - context: a number that the verifier chose.
  public init(_ opening: MemoryOpening, minKeyVersion: UInt32, forbidden: MemoryFlags, context: Fr) {
    self.opening = opening
    self.minKeyVersion = minKeyVersion
    self.forbidden = forbidden
    self.context = context
  }

  /// Writes the statement down.
  public func synthesize(_ builder: inout ConstraintBuilder) {
    let compliant = builder.output()
    let commitment = builder.output()
    let minimum = builder.input(Fr(UInt64(minKeyVersion)))
    let forbiddenFinance = builder.inputBit(forbidden.finance)
    let forbiddenHealth = builder.inputBit(forbidden.health)
    let forbiddenPersonal = builder.inputBit(forbidden.personal)
    builder.bindContext(builder.input(context))
    let memory = builder.open(opening)
    builder.bind(commitment, to: memory.commitment)
    let oldest = builder.ranged(minimum, bits: Self.versionBits)
    let version = builder.ranged(memory.keyVersion, bits: Self.versionBits)
    var holds = builder.lessOrEqual(oldest, version)
    holds = builder.and(holds, memory.isActive)
    for (flag, rule) in [
      (memory.finance, forbiddenFinance), (memory.health, forbiddenHealth), (memory.personal, forbiddenPersonal),
    ] {
      let offends = builder.and(flag, rule)
      holds = builder.and(holds, builder.not(offends))
    }
    builder.bind(compliant, to: holds.combination)
  }
}
