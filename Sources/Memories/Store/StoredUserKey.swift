internal import RedisWire

/// The hash of a user's key as it lies in Redis.
struct StoredUserKey: Sendable, Equatable {
  /// The key under ENCRYPTION_KEY; nil before the first memory and after the user was forgotten.
  let wrapped: [UInt8]?
  /// Which of the user's keys it is or was; 0 before the first.
  let version: Int

  static let part = "user's key"

  init(wrapped: RESPValue, version: RESPValue) throws(MemoryError) {
    self.wrapped = wrapped.bytes
    guard let version = version.isNull ? 0 : version.int, (0...Int64(Int32.max)).contains(version) else {
      throw .unreadable(part: Self.part)
    }
    self.version = Int(version)
  }

  /// The key opened.
  ///
  /// - Throws: `unreadable`, also when there is none: the memory that asks for it cannot be read.
  func open(_ ring: MemoryKeyRing, user tag: String) throws(MemoryError) -> UserKey {
    guard let wrapped else { throw .unreadable(part: Self.part) }
    return try UserKey(
      try ring.open(wrapped, UserKey.binding(user: tag, version: version), part: Self.part).key, version: version)
  }

  /// The key for a write, with the wrapped form to put when it is new or lies under a previous ENCRYPTION_KEY.
  func openForWriting(
    _ ring: MemoryKeyRing, user tag: String
  ) throws(MemoryError) -> (key: UserKey, put: [UInt8]) {
    guard let wrapped else {
      let fresh = try MemoryKeyRing.random()
      let next = version + 1
      return (
        try UserKey(fresh, version: next), try ring.wrap(fresh, UserKey.binding(user: tag, version: next))
      )
    }
    let binding = UserKey.binding(user: tag, version: version)
    let opened = try ring.open(wrapped, binding, part: Self.part)
    return (
      try UserKey(opened.key, version: version), opened.isCurrent ? [] : try ring.wrap(opened.key, binding)
    )
  }
}
