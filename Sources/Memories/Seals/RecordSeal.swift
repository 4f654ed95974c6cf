internal import Sealing

/// Seals and opens the records of one memory: a random data key, under the user's key, seals content and metadata.
///
/// Each seal is bound to the user, the memory's id (both as their tags), the version of the user's key, the schema
/// and the field, so that no sealed part opens in another's place.
struct RecordSeal: Sendable {
  /// The version of the record's layout.
  static let schema = 1

  /// The user's tag.
  let user: String
  /// The record's tag, which follows from the memory's id.
  let record: String
  let key: UserKey

  /// The three sealed parts of a record.
  struct Parts: Sendable, Equatable {
    var content: [UInt8]
    var metadata: [UInt8]
    var key: [UInt8]
  }

  func seal(content: [UInt8], metadata: MemoryMetadata) throws(MemoryError) -> Parts {
    let dataKey = try MemoryKeyRing.random()
    let wrapped: [UInt8]
    do throws(SealingError) {
      wrapped = try WrappedKey.seal(dataKey, under: key.wrapping, associatedData: binding("key")).bytes
    } catch {
      throw .sealing(code: error.code)
    }
    return Parts(
      content: try SealedField.seal(content, key: dataKey, binding("content")),
      metadata: try SealedField.seal(metadata.encoded, key: dataKey, binding("metadata")), key: wrapped)
  }

  func openContent(_ parts: Parts) throws(MemoryError) -> [UInt8] {
    try SealedField.open(
      parts.content, key: try dataKey(parts), binding("content"), part: "memory's content")
  }

  func openMetadata(_ parts: Parts) throws(MemoryError) -> MemoryMetadata {
    let bytes = try SealedField.open(
      parts.metadata, key: try dataKey(parts), binding("metadata"), part: MemoryMetadata.part)
    return try MemoryMetadata(decoding: bytes)
  }

  func dataKey(_ parts: Parts) throws(MemoryError) -> SecretBytes {
    do throws(SealingError) {
      return try WrappedKey(bytes: parts.key).open(under: key.wrapping, associatedData: binding("key"))
    } catch {
      throw .opening("memory's data key", error)
    }
  }

  func binding(_ field: String) -> AssociatedData {
    AssociatedData("whispercache memory", String(Self.schema), "record", user, record, String(key.version), field)
  }
}
