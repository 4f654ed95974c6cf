/// The value of a secret setting. Its description says nothing of it, so that no message can show it.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// The value; of a file, without the newline at its end.
  public let bytes: [UInt8]
  /// The value with the newline at the end of its file, for keys of raw bytes, whose last byte may be one.
  public let untrimmedBytes: [UInt8]

  /// A secret from an environment variable.
  public init(_ text: String) {
    bytes = Array(text.utf8)
    untrimmedBytes = bytes
  }

  /// A secret from a file's content.
  public init(fileContent: [UInt8]) {
    untrimmedBytes = fileContent
    var end = fileContent.count
    if end > 0, fileContent[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > 0, end < fileContent.count, fileContent[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    bytes = Array(fileContent[..<end])
  }

  /// The value as text; bytes that are not UTF-8 become U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// `[redacted]`
  public var description: String { "[redacted]" }

  /// Shows no children to `dump` and `print`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
