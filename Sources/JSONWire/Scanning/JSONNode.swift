/// One entry of the tape: a value or a member name, as a range of the document's bytes.
///
/// A container is followed by its content; in an object each name is followed by its value. 16 bytes.
struct JSONNode: Sendable {
  enum Kind: UInt8 { case object, array, string, number, yes, no, null, name }

  static let escaped: UInt8 = 1
  static let integer: UInt8 = 2
  static let none = UInt32.max

  /// Offset of the first byte (the quote of a string).
  var start: UInt32
  /// Offset one past the last byte.
  var end: UInt32
  /// Index of the entry after this value and all its content. While a container is open: index of its parent.
  var next: UInt32
  var kind: Kind
  var flags: UInt8

  var hasEscapes: Bool { flags & JSONNode.escaped != 0 }
  var range: Range<Int> { Int(start)..<Int(end) }
  /// The bytes between the quotes of a string or name.
  var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}

/// The bytes and the tape of one document; shared by all values that were taken from it.
final class JSONStorage: Sendable {
  let bytes: [UInt8]
  let tape: [JSONNode]

  init(bytes: [UInt8], tape: [JSONNode]) {
    self.bytes = bytes
    self.tape = tape
  }

  /// Calls `body` with the bytes; the copy of the array's reference keeps them alive meanwhile.
  func withSpan<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    let bytes = bytes
    return try body(bytes.span)
  }

  func string(_ node: JSONNode) -> String { withSpan { JSONText.string($0, node) } }
  func decoded(_ node: JSONNode) -> [UInt8] { withSpan { JSONText.decoded($0, node) } }
  func equals(_ node: JSONNode, _ text: String) -> Bool { withSpan { JSONText.equals($0, node, text) } }
}
