internal import JSONWire
internal import Service

/// The result of `memory.recall`.
public struct RecallResult: Sendable, Equatable {
  /// The memory's id.
  public var memoryID: String
  /// What was kept.
  public var content: String
  /// The tags as they were sent.
  public var tags: [String]
  /// What it is about.
  public var category: MemoryCategory
  /// How sure the caller was.
  public var confidence: Double?
  /// When it was stored, Unix ms of Redis.
  public var createdMs: Int64

  /// The result as JSON: `{memory_id, content, tags, category, confidence, created_at}`; `confidence` is `null` when
  /// none was given.
  public var json: [UInt8] {
    var writer = JSONWriter(capacity: content.utf8.count + 512)
    writer.object { writer in
      writer.field("memory_id", memoryID)
      writer.field("content", content)
      writer.field("tags", tags)
      writer.object("category") { writer in
        writer.field("finance", category.finance)
        writer.field("health", category.health)
        writer.field("personal", category.personal)
      }
      if let confidence { writer.field("confidence", confidence) } else { writer.fieldNull("confidence") }
      writer.field("created_at", Timestamp(unixMs: createdMs).description)
    }
    return writer.bytes
  }
}
