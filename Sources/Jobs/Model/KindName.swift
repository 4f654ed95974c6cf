/// The name of a kind of job: words of `a-z 0-9 _` joined by dots, two at least, 64 characters at most (`proof.policy`).
public struct KindName: Sendable, Hashable {
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
  public static let expected = "words of a-z, 0-9 and _ joined by dots, such as proof.policy, at most 64 characters"

  /// The queue that a job of this kind enters when it names none: the first word.
  public var defaultQueue: QueueName? {
    QueueName(String(text.utf8.prefix { $0 != UInt8(ascii: ".") }) ?? "")
  }

  private static func isName(_ bytes: String.UTF8View) -> Bool {
    guard bytes.count <= 64 else { return false }
    // One pass without any copy: a bulk asks this for each of its lines.
    var dots = 0
    var isWordOpen = false
    for byte in bytes {
      if isWordByte(byte) {
        isWordOpen = true
      } else if byte == UInt8(ascii: "."), isWordOpen {
        dots += 1
        isWordOpen = false
      } else {
        return false
      }
    }
    return dots > 0 && isWordOpen
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }
}

extension KindName: CustomStringConvertible, Comparable {
  /// The name.
  public var description: String { text }

  /// Orders by name.
  public static func < (left: KindName, right: KindName) -> Bool { left.text < right.text }
}
