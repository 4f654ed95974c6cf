internal import RedisWire

/// What `memory_scan.lua` answers: a page of a user's memories without their contents.
struct ErasurePage: Sendable {
  /// How many memories a page has at most.
  static let size = 256

  let key: StoredUserKey
  /// Changes ever made to the user's tree; another number on the next page means that the pages do not belong together.
  let version: Int64
  /// How many memories the user has.
  let memories: Int
  /// What the job answered before.
  let before: Erasure?
  let rows: [Row]

  /// One memory.
  struct Row: Sendable {
    let record: String
    let fields: RESPMap
  }

  init(_ reply: RESPValue) throws(MemoryError) {
    guard let parts = reply.elements, parts.count == 6, let version = parts[2].isNull ? 0 : parts[2].int,
      let memories = parts[3].int, let rows = parts[5].elements
    else { throw .unexpectedReply(script: MemoryScripts.scan.name, detail: "another shape") }
    key = try StoredUserKey(wrapped: parts[0], version: parts[1])
    self.version = version
    self.memories = Int(memories)
    before = try parts[4].string.map { text throws(MemoryError) in try Erasure(decoding: text) }
    self.rows = try rows.map { row throws(MemoryError) in
      guard let parts = row.elements, parts.count == 2, let record = parts[0].string, let fields = parts[1].pairs
      else { throw .unexpectedReply(script: MemoryScripts.scan.name, detail: "another row") }
      return Row(record: record, fields: fields)
    }
  }
}
