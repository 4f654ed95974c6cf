internal import Proofs
internal import RedisWire

/// The hash of one memory as it lies in Redis.
struct StoredMemory: Sendable, Equatable {
  var parts: RecordSeal.Parts
  var leafIndex: Int
  var commitment: Fr
  var createdMs: Int64
  var keyVersion: Int
  var status: Int
  /// The blind indexes of the tags.
  var indexes: [String]

  /// A memory that has been opened.
  struct Opened: Sendable, Equatable {
    var content: [UInt8]
    var metadata: MemoryMetadata
  }

  /// Takes a new memory.
  init(parts: RecordSeal.Parts, metadata: MemoryMetadata, keyVersion: Int, indexes: [String]) {
    self.parts = parts
    leafIndex = metadata.leafIndex
    commitment = metadata.commitment
    createdMs = metadata.createdMs
    self.keyVersion = keyVersion
    status = metadata.status
    self.indexes = indexes
  }

  /// Reads the hash; `content` may be left out by a read that does not need it.
  ///
  /// - Throws: `unreadable` naming the field at fault.
  init(_ fields: RESPMap) throws(MemoryError) {
    func bytes(_ name: String) throws(MemoryError) -> [UInt8] {
      guard let value = fields[name]?.bytes else { throw .unreadable(part: "memory's field \(name)") }
      return value
    }
    func number(_ name: String) throws(MemoryError) -> Int64 {
      guard let value = fields[name]?.int, value >= 0 else { throw .unreadable(part: "memory's field \(name)") }
      return value
    }
    guard try number("schema") == Int64(RecordSeal.schema) else { throw .unreadable(part: "memory's schema") }
    parts = RecordSeal.Parts(
      content: fields["content"]?.bytes ?? [], metadata: try bytes("metadata"), key: try bytes("key"))
    leafIndex = Int(try number("leaf"))
    guard leafIndex < MemoryLimits.leavesPerUser else { throw .unreadable(part: "memory's field leaf") }
    do throws(ProofsError) {
      commitment = try Fr(decimal: try Self.text(fields, "commitment"))
    } catch {
      throw .unreadable(part: "memory's field commitment")
    }
    createdMs = try number("created_ms")
    keyVersion = Int(try number("key_version"))
    status = Int(try number("status"))
    let joined = try bytes("tags")
    guard joined.count % ShortCode.characters == 0 else { throw .unreadable(part: "memory's field tags") }
    indexes = stride(from: 0, to: joined.count, by: ShortCode.characters).map { start in
      String(decoding: joined[start..<start + ShortCode.characters], as: UTF8.self)
    }
  }

  private static func text(_ fields: RESPMap, _ name: String) throws(ProofsError) -> String {
    guard let text = fields[name]?.string else { throw .malformedNumber }
    return text
  }

  /// Appends the fields and values of the hash.
  func append(to command: inout RedisCommand) {
    command.append("content" as StaticString)
    command.append(parts.content)
    command.append("metadata" as StaticString)
    command.append(parts.metadata)
    command.append("key" as StaticString)
    command.append(parts.key)
    command.append("leaf" as StaticString)
    command.append(leafIndex)
    command.append("commitment" as StaticString)
    command.append(commitment.decimalDigits)
    command.append("created_ms" as StaticString)
    command.append(createdMs)
    command.append("key_version" as StaticString)
    command.append(keyVersion)
    command.append("status" as StaticString)
    command.append(status)
    command.append("schema" as StaticString)
    command.append(RecordSeal.schema)
    command.append("tags" as StaticString)
    command.append(indexes.joined())
  }

  /// Opens the metadata and holds the open fields against it.
  ///
  /// - Throws: `unreadable`.
  func openMetadata(_ seal: RecordSeal) throws(MemoryError) -> MemoryMetadata {
    guard keyVersion == seal.key.version else { throw .unreadable(part: "memory's field key_version") }
    let metadata = try seal.openMetadata(parts)
    guard metadata.leafIndex == leafIndex, metadata.commitment == commitment,
      metadata.createdMs == createdMs, metadata.status == status,
      try BlindIndex.indexes(metadata.tags, key: seal.key) == indexes
    else { throw .unreadable(part: "memory's open part") }
    return metadata
  }

  /// Opens all of it.
  ///
  /// - Throws: `unreadable`.
  func open(_ seal: RecordSeal) throws(MemoryError) -> Opened {
    Opened(content: try seal.openContent(parts), metadata: try openMetadata(seal))
  }
}
