/// What tells one version of a representation from another (RFC 9110 section 8.8.3).
public struct EntityTag: Sendable, Hashable, CustomStringConvertible {
  /// The text between the quotes.
  public let opaque: String
  /// Whether equal tags promise equal meaning only, not equal bytes.
  public let isWeak: Bool

  /// Makes a tag; bytes that a tag cannot hold (quotes, blanks, controls) become `-`.
  public init(_ opaque: String, isWeak: Bool = false) {
    let bytes = opaque.utf8.map { Self.isTagByte($0) ? $0 : UInt8(ascii: "-") }
    self.opaque = String(decoding: bytes, as: UTF8.self)
    self.isWeak = isWeak
  }

  /// The tag as the ETag field has it: `"v3"` or `W/"v3"`.
  public var description: String { isWeak ? "W/\"\(opaque)\"" : "\"\(opaque)\"" }

  /// Whether the client's If-None-Match names this tag or `*`, so that the answer to GET is 304.
  ///
  /// Weak comparison, as RFC 9110 section 13.1.2 says; a field that is malformed matches no further than it can be read.
  public func matchesIfNoneMatch(_ headers: HTTPHeaders) -> Bool {
    headers.values("If-None-Match").contains { matches(list: Array($0.utf8)) }
  }

  private func matches(list: [UInt8]) -> Bool {
    let wanted = Array(opaque.utf8)
    var index = 0
    while index < list.count {
      switch list[index] {
      case ASCII.space, ASCII.tab, ASCII.comma:
        index += 1
        continue
      case UInt8(ascii: "*"):
        return true
      case UInt8(ascii: "W"):
        guard index + 1 < list.count, list[index + 1] == UInt8(ascii: "/") else { return false }
        index += 2
      default: break
      }
      guard index < list.count, list[index] == UInt8(ascii: "\"") else { return false }
      let start = index + 1
      index = start
      while index < list.count, list[index] != UInt8(ascii: "\"") {
        guard Self.isTagByte(list[index]) else { return false }
        index += 1
      }
      guard index < list.count else { return false }
      if list[start..<index].elementsEqual(wanted) { return true }
      index += 1
    }
    return false
  }

  private static func isTagByte(_ byte: UInt8) -> Bool { byte == 33 || (byte >= 35 && byte != 127) }
}
