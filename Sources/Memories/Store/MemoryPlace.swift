/// Where one memory of a user lies, and what its seals are bound to.
struct MemoryPlace: Sendable {
  /// The user's tag.
  let user: String
  /// The record's tag.
  let record: String
  let keys: MemoryKeys.User

  init(_ id: String, of user: String, names: NamesKey, keys: MemoryKeys) throws(MemoryError) {
    self.user = try names.user(user)
    record = try names.record(id, of: user)
    self.keys = keys.user(self.user)
  }

  var memory: String { keys.memory(record) }

  func seal(_ key: UserKey) -> RecordSeal { RecordSeal(user: user, record: record, key: key) }
}
