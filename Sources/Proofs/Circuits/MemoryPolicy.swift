/// `memory_policy`: "the memory of this commitment may be given to an agent": it is active and not personal.
///
/// Categories, key version and status are bound into the commitment and stay private.
public struct MemoryPolicy: Circuit {
  /// The name of its keys.
  public static let name = "memory_policy"
  /// The public signals, outputs first.
  public static let publicSignalNames = ["allowed", "commitment", "context"]
  /// Some statement.
  public static let example = MemoryPolicy(.example, context: 0)

  let opening: MemoryOpening
  let context: Fr

  /// A statement about the opening's commitment.
  ///
  /// - Parameter context: a number that the verifier chose.
  public init(_ opening: MemoryOpening, context: Fr) {
    self.opening = opening
    self.context = context
  }

  /// Writes the statement down.
  public func synthesize(_ builder: inout ConstraintBuilder) {
    let allowed = builder.output()
    let commitment = builder.output()
    builder.bindContext(builder.input(context))
    let memory = builder.open(opening)
    builder.bind(commitment, to: memory.commitment)
    let shareable = builder.not(memory.personal)
    builder.bind(allowed, to: builder.and(memory.isActive, shareable).combination)
  }
}
