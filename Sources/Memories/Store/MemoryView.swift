internal import RedisWire

/// What `memory_read.lua` answers: one memory and what an operation on it needs, all of one instant.
struct MemoryView: Sendable {
  /// Redis' time, Unix ms.
  let nowMs: Int64
  /// The user's key.
  let key: StoredUserKey
  /// The user's tree, with the neighbours of the memory's leaf when they were asked for.
  let tree: TreeState
  /// How many memories the user has.
  let memories: Int
  /// The nullifier of the memory when it was forgotten: decimal, or empty.
  let nullifier: String?
  /// The memory's hash; empty when there is none.
  let fields: RESPMap

  init(_ reply: RESPValue) throws(MemoryError) {
    guard let parts = reply.elements, parts.count == 10, let now = parts[0].int, let memories = parts[6].int,
      let fields = parts[8].pairs, let siblings = parts[9].elements
    else { throw .unexpectedReply(script: MemoryScripts.read.name, detail: "another shape") }
    nowMs = now
    key = try StoredUserKey(wrapped: parts[1], version: parts[2])
    tree = try TreeState(count: parts[3], root: parts[4], version: parts[5], siblings: siblings)
    self.memories = Int(memories)
    nullifier = parts[7].string
    self.fields = fields
  }

  /// The memory, when there is one.
  func memory() throws(MemoryError) -> StoredMemory? { fields.isEmpty ? nil : try StoredMemory(fields) }
}
