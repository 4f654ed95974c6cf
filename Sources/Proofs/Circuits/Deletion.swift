/// `deletion`: "I hold the memory of this commitment and ask to forget it; when that is done, this nullifier is published."
///
/// The nullifier is Poseidon(2, commitment, salt): one memory has one. That data is gone cannot be proved.
public struct Deletion: Circuit {
  /// The name of its keys.
  public static let name = "deletion"
  /// The public signals, outputs first.
  public static let publicSignalNames = ["nullifier", "commitment", "requested_at", "context"]
  /// Some statement.
  public static let example = Deletion(checked: .example, requestedAt: 0, context: 0)

  /// Bits of an instant in seconds: enough for 34,000 years.
  public static let instantBits = 40

  let opening: MemoryOpening
  let requestedAt: UInt64
  let context: Fr

  /// A statement about the opening's commitment.
  ///
  /// - Parameters:
  ///   - requestedAt: Unix seconds.
  ///   - context: a number that the verifier chose.
  /// - Throws: `outOfRange`.
  public init(_ opening: MemoryOpening, requestedAt: UInt64, context: Fr) throws(ProofsError) {
    guard requestedAt >> UInt64(Self.instantBits) == 0 else {
      throw .outOfRange(name: "requested_at", bits: Self.instantBits)
    }
    self.init(checked: opening, requestedAt: requestedAt, context: context)
  }

  private init(checked opening: MemoryOpening, requestedAt: UInt64, context: Fr) {
    self.opening = opening
    self.requestedAt = requestedAt
    self.context = context
  }

  /// Writes the statement down.
  public func synthesize(_ builder: inout ConstraintBuilder) {
    let nullifier = builder.output()
    let commitment = builder.output()
    let instant = builder.input(Fr(requestedAt))
    builder.bindContext(builder.input(context))
    _ = builder.ranged(instant, bits: Self.instantBits)
    let memory = builder.open(opening)
    builder.bind(commitment, to: memory.commitment)
    builder.bind(nullifier, to: builder.poseidon([builder.constant(2), memory.commitment, memory.salt]))
  }
}
