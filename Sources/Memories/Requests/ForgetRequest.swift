internal import JSONWire

/// The payload of `memory.forget`.
public struct ForgetRequest: Sendable, Equatable {
  /// Whose memories they are.
  public var user: String
  /// Which one; nil is all of them, with the user's key.
  public var memoryID: String?

  /// Creates a request.
  public init(user: String, memoryID: String? = nil) {
    self.user = user
    self.memoryID = memoryID
  }

  /// Reads `{user, memory_id}` or `{user}`. A `memory_id` of `null` is refused: a mistake in a caller's variable must
  /// not forget everything.
  ///
  /// - Throws: `invalidPayload` with every problem.
  public init(payload: [UInt8]) throws(MemoryError) {
    self = try MemoryPayload.read(payload) { fields in
      let user = MemoryPayload.user(&fields)
      guard let id = fields.field("memory_id") else { return ForgetRequest(user: user) }
      if id.isNull { fields.reject(id, "expected a string, not null; leave the field out to forget the whole user") }
      return ForgetRequest(
        user: user, memoryID: fields.optionalString("memory_id", length: MemoryLimits.idBytes) ?? "")
    }
  }
}
