/// The name of a queue: 1 to 64 of `a-z 0-9 _ -`, so that it needs no escaping in keys, labels and URLs.
public struct QueueName: Sendable, Hashable {
  /// The name.
  public let text: String

  /// Takes a name, or answers nil when it is not one.
  public init?(_ text: String) {
    guard Self.isName(text.utf8) else { return nil }
    self.text = text
  }

  /// A name that the sources spell; tests check that each is one.
  init(known text: StaticString) { self.text = "\(text)" }

  /// What is expected of a name, for messages.
  public static let expected = "1 to 64 characters of a-z, 0-9, _ and -"

  static func isName(_ bytes: some Collection<UInt8>) -> Bool {
    (1...64).contains(bytes.count) && bytes.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

extension QueueName: CustomStringConvertible, Comparable {
  /// The name.
  public var description: String { text }

  /// Orders by name.
  public static func < (left: QueueName, right: QueueName) -> Bool { left.text < right.text }
}
