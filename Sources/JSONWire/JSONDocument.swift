/// A validated JSON document: its bytes, unchanged, and an index of where each value lies.
///
/// Values are handed out as views, so that a payload can be passed on byte for byte: big integers keep their digits and
/// nothing is re-encoded. Immutable and shared without copying.
///
/// Accepted is strict RFC 8259: UTF-8 without byte order mark, no duplicate names in one object, no content after the value.
public struct JSONDocument: Sendable {
  let storage: JSONStorage

  /// Scans `bytes`.
  ///
  /// - Throws: the first violation, with its offset.
  /// - Complexity: O(n) in the number of bytes.
  public init(_ bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) {
    var scanner = JSONScanner(limits: limits)
    do {
      try scanner.scan(bytes.span)
    } catch {
      throw JSONError(
        code: error.code, offset: error.offset, message: error.message, pointer: scanner.openPointer(bytes.span))
    }
    storage = JSONStorage(bytes: bytes, tape: scanner.tape)
  }

  /// Scans the UTF-8 of `text`.
  public init(_ text: String, limits: JSONLimits = .default) throws(JSONError) {
    try self.init(Array(text.utf8), limits: limits)
  }

  /// The bytes as they were given.
  public var bytes: [UInt8] { storage.bytes }

  /// The value of the whole document.
  public var root: JSONValue { JSONValue(storage: storage, index: 0) }

  /// A document of `null`, for a value that is absent.
  static let null = JSONDocument(
    storage: JSONStorage(
      bytes: Array("null".utf8), tape: [JSONNode(start: 0, end: 4, next: 1, kind: .null, flags: 0)]))

  private init(storage: JSONStorage) { self.storage = storage }
}
