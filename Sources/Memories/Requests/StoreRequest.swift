internal import JSONWire

/// The payload of `memory.store`.
public struct StoreRequest: Sendable, Equatable {
  /// Whose memory it is.
  public var user: String
  /// What is to be kept.
  public var content: String
  /// Words to find it by, as they were sent.
  public var tags: [String]
  /// What it is about.
  public var category: MemoryCategory
  /// How sure the caller is of it, 0 to 1.
  public var confidence: Double?
  /// The id that the caller chose; nil derives one from the job.
  public var memoryID: String?

  /// Creates a request; `init(payload:)` checks limits, this one leaves them to the caller.
  public init(
    user: String, content: String, tags: [String] = [], category: MemoryCategory = MemoryCategory(),
    confidence: Double? = nil, memoryID: String? = nil
  ) {
    self.user = user
    self.content = content
    self.tags = tags
    self.category = category
    self.confidence = confidence
    self.memoryID = memoryID
  }

  /// Reads `{user, content, tags?, category?: {finance, health, personal}, confidence?, memory_id?}`.
  ///
  /// - Throws: `invalidPayload` with every problem.
  public init(payload: [UInt8]) throws(MemoryError) {
    self = try MemoryPayload.read(payload) { fields in
      StoreRequest(
        user: MemoryPayload.user(&fields),
        content: fields.string("content", length: MemoryLimits.contentBytes),
        tags: Self.tags(&fields),
        category: fields.optionalObject("category") { category in
          MemoryCategory(
            finance: category.bool("finance"), health: category.bool("health"), personal: category.bool("personal"))
        } ?? MemoryCategory(),
        confidence: fields.optionalDouble("confidence", in: 0...1),
        memoryID: fields.optionalString("memory_id", length: MemoryLimits.idBytes))
    }
  }

  private static func tags(_ fields: inout JSONFieldReader) -> [String] {
    let tags = fields.optionalStrings("tags", count: MemoryLimits.tags, length: MemoryLimits.tagBytes) ?? []
    if tags.contains(where: { BlindIndex.normalised($0).isEmpty }) {
      fields.reject("tags", "a tag of white space alone; expected a visible character")
    }
    return tags
  }
}
