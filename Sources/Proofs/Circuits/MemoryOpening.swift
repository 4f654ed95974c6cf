/// The categories of a memory.
public struct MemoryFlags: Sendable, Hashable {
  /// It is about money.
  public var finance: Bool
  /// It is about health.
  public var health: Bool
  /// It is personal.
  public var personal: Bool

  /// Categories.
  public init(finance: Bool, health: Bool, personal: Bool) {
    self.finance = finance
    self.health = health
    self.personal = personal
  }
}

/// What a memory's commitment hides: Poseidon(1, content hash, salt, finance + 2 health + 4 personal, key version, status).
public struct MemoryOpening: Sendable, Hashable {
  /// The status of a memory that has not been forgotten.
  public static let active: UInt32 = 1

  /// The content as a number.
  public var contentHash: Fr
  /// A random number that nobody else knows.
  public var salt: Fr
  /// The categories.
  public var flags: MemoryFlags
  /// The version of the user's key.
  public var keyVersion: UInt32
  /// 1 while the memory is active.
  public var status: UInt32

  /// An opening.
  public init(contentHash: Fr, salt: Fr, flags: MemoryFlags, keyVersion: UInt32, status: UInt32 = active) {
    self.contentHash = contentHash
    self.salt = salt
    self.flags = flags
    self.keyVersion = keyVersion
    self.status = status
  }

  static let example = MemoryOpening(
    contentHash: 3, salt: 5, flags: MemoryFlags(finance: false, health: true, personal: false), keyVersion: 1)
}

/// The wires of an opening whose commitment a circuit has computed.
struct OpenedMemory {
  let commitment: LinearCombination
  let salt: LinearCombination
  let finance: Bit
  let health: Bit
  let personal: Bit
  let keyVersion: LinearCombination
  /// Whether the status is 1.
  let isActive: Bit
}

extension ConstraintBuilder {
  /// Opens a memory: whatever is said of its wires is said of the commitment.
  mutating func open(_ opening: MemoryOpening) -> OpenedMemory {
    let contentHash = hint(opening.contentHash)
    let salt = hint(opening.salt)
    let finance = bit(opening.flags.finance)
    let health = bit(opening.flags.health)
    let personal = bit(opening.flags.personal)
    let keyVersion = hint(Fr(UInt64(opening.keyVersion)))
    let status = hint(Fr(UInt64(opening.status)))
    let commitment = poseidon([one, contentHash, salt, sum([finance, health, personal]), keyVersion, status])
    return OpenedMemory(
      commitment: commitment, salt: salt, finance: finance, health: health, personal: personal, keyVersion: keyVersion,
      isActive: isEqual(status, constant(Fr(UInt64(MemoryOpening.active)))))
  }

  /// A public number that the verifier chose, so that the proof is good for their purpose alone. The square keeps the wire
  /// in the constraints.
  mutating func bindContext(_ context: LinearCombination) { _ = product(context, context) }
}
