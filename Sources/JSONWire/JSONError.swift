/// Why bytes are not an acceptable JSON document, and where.
///
/// The message describes the place and what was expected; it never repeats the content of a string.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; the raw value is a stable slug.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The bytes ended inside a value, or there were none.
    case truncated = "json_truncated"
    /// A byte that the grammar does not allow here (RFC 8259 section 2).
    case unexpectedByte = "json_unexpected_byte"
    /// Something other than white space after the document.
    case trailingContent = "json_trailing_content"
    /// A byte order mark (RFC 8259 section 8.1 forbids sending one).
    case byteOrderMark = "json_byte_order_mark"
    /// Bytes in a string that are not UTF-8 (RFC 3629).
    case invalidUTF8 = "json_invalid_utf8"
    /// An unknown or incomplete escape, or half of a surrogate pair.
    case invalidEscape = "json_invalid_escape"
    /// An unescaped control character in a string.
    case controlCharacter = "json_control_character"
    /// A number outside the grammar of RFC 8259 section 6.
    case invalidNumber = "json_invalid_number"
    /// One object has the same member name twice.
    case duplicateName = "json_duplicate_name"
    /// Deeper than `JSONLimits.depth`.
    case tooDeep = "json_too_deep"
    /// Longer than `JSONLimits.bytes`.
    case tooLarge = "json_too_large"
    /// More than `JSONLimits.values`.
    case tooManyValues = "json_too_many_values"
  }

  /// The kind of failure.
  public let code: Code
  /// The offset of the offending byte, in bytes from the start.
  public let offset: Int
  /// What was found and what was expected, in words.
  public let message: String
  /// RFC 6901 pointer of the value being read when the scan stopped; empty for the whole document.
  public let pointer: String

  /// Creates an error.
  public init(code: Code, offset: Int, message: String, pointer: String = "") {
    self.code = code
    self.offset = offset
    self.message = message
    self.pointer = pointer
  }

  /// The message with the place, in one line.
  public var description: String {
    pointer.isEmpty ? "\(message) at byte \(offset)" : "\(message) at byte \(offset), in \(pointer)"
  }
}
