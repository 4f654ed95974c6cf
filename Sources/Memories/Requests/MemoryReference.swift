internal import JSONWire

/// One memory of one user: the payload of `memory.recall` and of `memory.verify`.
public struct MemoryReference: Sendable, Equatable {
  /// Whose memory it is.
  public var user: String
  /// Which one.
  public var memoryID: String

  /// Creates a request.
  public init(user: String, memoryID: String) {
    self.user = user
    self.memoryID = memoryID
  }

  /// Reads `{user, memory_id}`.
  ///
  /// - Throws: `invalidPayload` with every problem.
  public init(payload: [UInt8]) throws(MemoryError) {
    self = try MemoryPayload.read(payload) { fields in
      MemoryReference(user: MemoryPayload.user(&fields), memoryID: MemoryPayload.memoryID(&fields))
    }
  }
}
