internal import JSONWire
internal import Proofs

/// What is sealed beside the content. The record's open fields are repeated here, so that a change to one shows.
struct MemoryMetadata: Sendable, Equatable {
  var id: String
  var tags: [String]
  var category: MemoryCategory
  var confidence: Double?
  var salt: Fr
  var commitment: Fr
  var leafIndex: Int
  /// The root right after the memory was added: a repeated job answers the same.
  var root: Fr
  var createdMs: Int64
  var status: Int

  var encoded: [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object { writer in
      writer.field("id", id)
      writer.field("tags", tags)
      writer.field("flags", category.bits)
      if let confidence { writer.field("confidence", confidence) }
      writer.field("salt", salt.decimal)
      writer.field("commitment", commitment.decimal)
      writer.field("leaf", leafIndex)
      writer.field("root", root.decimal)
      writer.field("created_ms", createdMs)
      writer.field("status", status)
    }
    return writer.bytes
  }

  static let part = "memory's metadata"

  /// - Throws: `unreadable`: it was sealed by a version that writes other fields.
  init(decoding bytes: [UInt8]) throws(MemoryError) {
    do {
      let document = try JSONDocument(bytes)
      var fields = JSONFieldReader(document.root)
      let id = fields.string("id")
      let tags = fields.strings("tags")
      let flags = fields.int("flags", in: 0...7)
      let confidence = fields.optionalDouble("confidence", in: 0...1)
      let salt = fields.string("salt")
      let commitment = fields.string("commitment")
      let leaf = fields.int("leaf", in: 0...MemoryLimits.leavesPerUser - 1)
      let root = fields.string("root")
      let createdMs = Int64(fields.int("created_ms"))
      let status = fields.int("status", in: 0...255)
      try fields.finish()
      self.init(
        id: id, tags: tags, category: MemoryCategory(bits: flags) ?? MemoryCategory(), confidence: confidence,
        salt: try Fr(decimal: salt), commitment: try Fr(decimal: commitment), leafIndex: leaf,
        root: try Fr(decimal: root), createdMs: createdMs, status: status)
    } catch {
      throw .unreadable(part: Self.part)
    }
  }

  init(
    id: String, tags: [String], category: MemoryCategory, confidence: Double?, salt: Fr, commitment: Fr,
    leafIndex: Int, root: Fr, createdMs: Int64, status: Int
  ) {
    self.id = id
    self.tags = tags
    self.category = category
    self.confidence = confidence
    self.salt = salt
    self.commitment = commitment
    self.leafIndex = leafIndex
    self.root = root
    self.createdMs = createdMs
    self.status = status
  }
}
