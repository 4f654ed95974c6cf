/// The id of a job: `<queue>.<ULID>`, so that an id finds its key without an index.
///
/// - Source: https://github.com/ulid/spec (48 bits of milliseconds, 80 random bits, Crockford's base32).
public struct JobID: Sendable, Hashable {
  /// The whole id.
  public let text: String
  /// The queue that it belongs to.
  public let queue: QueueName

  /// Reads an id; upper case only, so that one job has one spelling.
  public init?(_ text: String) {
    guard text.utf8.count > ULID.length + 1, text.utf8.count <= 64 + 1 + ULID.length,
      let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")),
      let queue = QueueName(String(text[..<dot])), ULID.isText(text.utf8[text.utf8.index(after: dot)...])
    else { return nil }
    self.text = text
    self.queue = queue
  }

  /// Reads an id from bytes.
  public init?(bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    self.init(text)
  }

  init(queue: QueueName, ulid: ULID) {
    self.queue = queue
    text = queue.text + "." + ulid.text
  }

  /// When it was minted, by the clock of whoever minted it; for ordering only, no decision rests on it.
  public var mintedMs: Int64 { ULID.milliseconds(text.utf8.suffix(ULID.length)) }
}

extension JobID: CustomStringConvertible, Comparable {
  /// The id.
  public var description: String { text }

  /// Orders by queue, then by age.
  public static func < (left: JobID, right: JobID) -> Bool { left.text < right.text }
}
