/// The name of a schedule: 1 to 64 of `a-z 0-9 _ - .`, the first a letter or a digit, so that it needs no escaping in keys,
/// labels and URLs.
public struct ScheduleName: Sendable, Hashable, CustomStringConvertible {
  /// The name.
  public let text: String

  /// Takes a name, or answers nil when it is not one.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard (1...64).contains(bytes.count), bytes.allSatisfy(Self.isNameByte), let first = bytes.first,
      !Self.marks.contains(first)
    else { return nil }
    self.text = text
  }

  /// What is expected of a name, for messages.
  public static let expected = "1 to 64 characters of a-z, 0-9, _, - and ., the first a letter or a digit"

  /// The name.
  public var description: String { text }

  private static let marks = Array("_-.".utf8)

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: marks.contains(byte)
    }
  }
}
