/// Text that names its own format, for instance the answer of `INFO` in RESP3.
public struct RESPVerbatim: Sendable, Equatable {
  /// The three letters of the format, a colon and the text, as sent.
  private let content: [UInt8]

  /// Takes `content` when it begins with three bytes and a colon.
  init?(content: [UInt8]) {
    guard content.count >= 4, content[3] == UInt8(ascii: ":") else { return nil }
    self.content = content
  }

  /// The format: `txt` or `mkd`; others may follow in later servers.
  public var format: String { String(decoding: content[..<3], as: UTF8.self) }

  /// The text without its format.
  public var bytes: ArraySlice<UInt8> { content[4...] }
}
