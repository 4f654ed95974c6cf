import JSONWire
import Memories
import Proofs

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

extension MemoryOpening {
  /// Reads `{content_hash, salt, flags, key_version, status?}`; without a status it is that of a kept memory.
  init(_ fields: inout JSONFieldReader) {
    self.init(
      contentHash: fields.fieldElement("content_hash"), salt: fields.fieldElement("salt"), flags: fields.flags("flags"),
      keyVersion: fields.version("key_version"),
      status: fields.optionalInt("status", in: ProofRanges.version).map { UInt32(clamping: $0) } ?? Self.active)
  }

  /// That of a stored memory.
  init(_ witness: MemoryWitness) {
    let category = witness.category
    self.init(
      contentHash: witness.contentHash, salt: witness.salt,
      flags: MemoryFlags(finance: category.finance, health: category.health, personal: category.personal),
      keyVersion: UInt32(clamping: witness.keyVersion), status: UInt32(clamping: witness.status))
  }

  /// What stands for one that could not be read, beside the problem that was recorded.
  static let unread = MemoryOpening(
    contentHash: .zero, salt: .zero, flags: MemoryFlags(finance: false, health: false, personal: false), keyVersion: 0)
}
