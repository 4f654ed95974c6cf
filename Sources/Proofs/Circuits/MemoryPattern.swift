/// `memory_pattern`: "I know content and salt of this commitment, and say that it is (not) personal."
///
/// The flags are the prover's own word; `MemoryPolicy` binds them into the commitment. The public signals are those of the
/// circom circuit of this name.
public struct MemoryPattern: Circuit {
  /// The name of its keys.
  public static let name = "memory_pattern"
  /// The public signals, outputs first.
  public static let publicSignalNames = [
    "allowedForAgent", "commitment", "memoryCommitment", "isFinance", "isHealth", "isPersonal",
  ]
  /// Some statement.
  public static let example = MemoryPattern(
    content: 1, salt: 2, flags: MemoryFlags(finance: false, health: true, personal: false))

  let content: Fr
  let salt: Fr
  let flags: MemoryFlags

  /// A statement about the commitment Poseidon(content, salt).
  public init(content: Fr, salt: Fr, flags: MemoryFlags) {
    self.content = content
    self.salt = salt
    self.flags = flags
  }

  /// Writes the statement down.
  public func synthesize(_ builder: inout ConstraintBuilder) {
    let allowed = builder.output()
    let commitment = builder.output()
    let claimed = builder.input(Poseidon.hash(content, salt))
    _ = builder.inputBit(flags.finance)
    _ = builder.inputBit(flags.health)
    let personal = builder.inputBit(flags.personal)
    let hash = builder.poseidon([builder.hint(content), builder.hint(salt)])
    builder.bind(commitment, to: hash)
    builder.enforce(hash, equals: claimed)
    builder.bind(allowed, to: builder.not(personal).combination)
  }
}
