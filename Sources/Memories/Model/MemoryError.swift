public import JSONWire
public import RedisWire
internal import Sealing

/// Why an operation on memories did not do what was asked. Nothing in it comes from inside a payload or a memory.
public enum MemoryError: Error, Sendable, Equatable {
  /// The payload is not what the kind takes; pointers, types and lengths only.
  case invalidPayload([JSONProblem])
  /// The kind is no operation on memories that this program knows.
  case unknownKind
  /// The user has no memory of this id.
  case notFound
  /// The user has a memory of this id with another content, tags, category or confidence.
  case exists
  /// The user had a memory of this id, and it was forgotten: an id never comes back.
  case forgotten
  /// A stored part cannot be opened, or differs from what was sealed.
  case unreadable(part: String)
  /// The user's tree does not lead to its root, so nothing is added to it.
  case treeDamaged
  /// The user has as many memories as one may.
  case full(limit: Int)
  /// Other operations changed the user's memories each time; nothing was written.
  case busy(attempts: Int)
  /// Redis did not answer, or not usefully. The operation may be repeated with the same job.
  case storeUnavailable(RedisError)
  /// Redis is at its memory limit and refused the write; nothing was written.
  case outOfMemory
  /// A script answered something that this version cannot read.
  case unexpectedReply(script: String, detail: String)
  /// The cryptographic library failed.
  case sealing(code: String)
  /// The task was cancelled between two attempts; nothing was written.
  case cancelled
}

extension MemoryError {
  /// Takes over what Redis answered.
  init(_ error: RedisError) {
    if case .server("OOM", _) = error {
      self = .outOfMemory
    } else {
      self = .storeUnavailable(error)
    }
  }

  /// What a failure to open `part` means: that it was altered, unless the library itself failed.
  static func opening(_ part: String, _ error: SealingError) -> MemoryError {
    if case .library = error { return .sealing(code: error.code) }
    return .unreadable(part: part)
  }

  /// A stable word for logs, metrics and comparison.
  public var code: String {
    switch self {
    case .invalidPayload: "invalid_payload"
    case .unknownKind: "unknown_kind"
    case .notFound: "memory_not_found"
    case .exists: "memory_exists"
    case .forgotten: "memory_forgotten"
    case .unreadable: "memory_unreadable"
    case .treeDamaged: "memory_tree_damaged"
    case .full: "memory_full"
    case .busy: "memory_busy"
    case .storeUnavailable: "store_unavailable"
    case .outOfMemory: "store_full"
    case .unexpectedReply: "unexpected_reply"
    case .sealing: "seal_failed"
    case .cancelled: "cancelled"
    }
  }

  /// Whether the same call may succeed later without a change to it; each operation may be repeated with the same job.
  public var isRetryable: Bool {
    switch self {
    case .storeUnavailable(let cause): cause.isRetryable
    case .busy, .outOfMemory, .cancelled, .sealing: true
    case .invalidPayload, .unknownKind, .notFound, .exists, .forgotten, .unreadable, .treeDamaged, .full,
      .unexpectedReply:
      false
    }
  }
}

extension MemoryError: CustomStringConvertible {
  /// What happened and what to do.
  public var description: String {
    switch self {
    case .invalidPayload(let problems): problems.map(\.description).joined(separator: "; ")
    case .unknownKind: "this kind is no operation on memories; known are store, recall, verify and forget"
    case .notFound: "the user has no memory of this id"
    case .exists:
      "the user has a memory of this id that says something else; choose another memory_id, or forget it first"
    case .forgotten: "the memory of this id was forgotten, and its id does not come back; choose another memory_id"
    case .unreadable(let part):
      "the \(part) cannot be read: it was altered, or ENCRYPTION_KEY is another; "
        + "check ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS"
    case .treeDamaged:
      "the user's tree does not lead to its root: a key was changed by hand; "
        + "restore it from a backup, or forget the user"
    case .full(let limit): "the user has \(limit) memories, the most that one may have; forget some"
    case .busy(let attempts):
      "other jobs changed the user's memories \(attempts) times meanwhile; nothing was written, try again"
    case .storeUnavailable(let cause): cause.description
    case .outOfMemory: "redis is at its maxmemory and takes no new memories; raise the limit"
    case .unexpectedReply(let script, let detail):
      "script \(script) answered something unexpected: \(detail); look for keys changed by hand"
    case .sealing(let code): "the cryptographic library failed (\(code)); check the OpenSSL 3 installation"
    case .cancelled: "the operation was cancelled between two attempts; nothing was written"
    }
  }
}
