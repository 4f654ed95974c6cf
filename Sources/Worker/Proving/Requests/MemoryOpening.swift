import JSONWire
import Memories
import Proofs

/// What opens a memory's commitment.
struct MemoryOpening: Sendable, Equatable {
  var contentHash: Fr
  var salt: Fr
  var category: MemoryCategory
  var keyVersion: UInt64
  var status: UInt64

  /// Reads `{content_hash, salt, flags, key_version, status?}`; without a status it is 1, that of a kept memory.
  init(_ fields: inout JSONFieldReader) {
    contentHash = fields.fieldElement("content_hash")
    salt = fields.fieldElement("salt")
    category = fields.category("flags")
    keyVersion = fields.version("key_version")
    status = UInt64(
      clamping: fields.optionalInt("status", in: ProofRanges.version) ?? MemoryCommitment.activeStatus)
  }

  /// That of a stored memory.
  init(_ witness: MemoryWitness) {
    contentHash = witness.contentHash
    salt = witness.salt
    category = witness.category
    keyVersion = UInt64(clamping: witness.keyVersion)
    status = UInt64(clamping: witness.status)
  }

  private init() {
    contentHash = .zero
    salt = .zero
    category = MemoryCategory()
    keyVersion = 0
    status = 0
  }

  /// What stands for one that could not be read, beside the problem that was recorded.
  static let unread = MemoryOpening()
}

/// Which memory a statement is about.
enum MemorySubject: Sendable, Equatable {
  /// Opened by the payload itself.
  case opening(MemoryOpening)
  /// One of the memory store.
  case stored(MemoryReference)

  /// Reads `user` and `memory_id`, or `witness`.
  init(_ fields: inout JSONFieldReader) {
    if fields.has("user") || fields.has("memory_id") {
      self = .stored(fields.memoryReference())
    } else {
      self = .opening(fields.object("witness") { MemoryOpening(&$0) } ?? .unread)
    }
  }

  /// Whether the memory store has to be asked.
  var isStored: Bool {
    if case .stored = self { return true }
    return false
  }
}
