public import Jobs

/// The payload of a job of one of the kinds `memory.store`, `memory.recall`, `memory.verify`, `memory.forget`.
public enum MemoryRequest: Sendable, Equatable {
  /// Keep a memory.
  case store(StoreRequest)
  /// Read one.
  case recall(MemoryReference)
  /// Check one against its commitment and the tree.
  case verify(MemoryReference)
  /// Destroy one, or all of a user's.
  case forget(ForgetRequest)

  /// Reads a payload strictly.
  ///
  /// - Throws: `invalidPayload`, `unknownKind`.
  public init(kind: KindName, payload: [UInt8]) throws(MemoryError) {
    switch kind.text {
    case "memory.store": self = .store(try StoreRequest(payload: payload))
    case "memory.recall": self = .recall(try MemoryReference(payload: payload))
    case "memory.verify": self = .verify(try MemoryReference(payload: payload))
    case "memory.forget": self = .forget(try ForgetRequest(payload: payload))
    default: throw .unknownKind
    }
  }

  /// The operation's word in metrics: `store`, `recall`, `verify`, `forget`.
  public var operation: String {
    switch self {
    case .store: "store"
    case .recall: "recall"
    case .verify: "verify"
    case .forget: "forget"
    }
  }
}
