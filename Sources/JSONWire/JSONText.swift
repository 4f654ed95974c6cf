/// The text of strings and names: unescaping, comparing and naming bytes.
enum JSONText {
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// The UTF-16 code unit of four hexadecimal digits, or nil.
  static func codeUnit(_ bytes: Span<UInt8>, at index: Int) -> UInt32? {
    guard bytes.count - index >= 4 else { return nil }
    var unit: UInt32 = 0
    for offset in 0..<4 {
      let digit: UInt8
      switch bytes[index + offset] {
      case let byte where isDigit(byte): digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20): digit = (byte | 0x20) - 87
      default: return nil
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// The bytes of a string or name after unescaping.
  static func decoded(_ bytes: Span<UInt8>, _ node: JSONNode) -> [UInt8] {
    let content = bytes.extracting(node.content)
    guard node.hasEscapes else { return content.withUnsafeBufferPointer { Array($0) } }
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var index = 0
    while index < content.count {
      guard content[index] == UInt8(ascii: "\\"), index + 1 < content.count else {
        result.append(content[index])
        index += 1
        continue
      }
      switch content[index + 1] {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        index += appendScalar(content, at: index, to: &result)
        continue
      case let other: result.append(other)
      }
      index += 2
    }
    return result
  }

  /// Appends the scalar of a \u escape or of a pair of them; returns how many bytes it took.
  private static func appendScalar(_ content: Span<UInt8>, at index: Int, to result: inout [UInt8]) -> Int {
    let high = codeUnit(content, at: index + 2) ?? 0xFFFD
    var value = high
    var length = 6
    if (0xD800...0xDBFF).contains(high), let low = codeUnit(content, at: index + 8) {
      value = 0x10000 &+ (high &- 0xD800) << 10 &+ (low &- 0xDC00)
      length = 12
    }
    // The scanner has refused lone surrogates, so the replacement character never shows.
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return length
  }

  static func string(_ bytes: Span<UInt8>, _ node: JSONNode) -> String {
    guard !node.hasEscapes else { return String(decoding: decoded(bytes, node), as: UTF8.self) }
    return bytes.extracting(node.content).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether two names are the same, code point by code point, after unescaping.
  static func same(_ bytes: Span<UInt8>, _ a: JSONNode, _ b: JSONNode) -> Bool {
    if a.hasEscapes || b.hasEscapes { return decoded(bytes, a) == decoded(bytes, b) }
    let x = a.content
    let y = b.content
    guard x.count == y.count else { return false }
    for offset in 0..<x.count where bytes[x.lowerBound + offset] != bytes[y.lowerBound + offset] { return false }
    return true
  }

  /// Whether a name or string equals `text`, code point by code point (Swift's == would also equate normal forms).
  static func equals(_ bytes: Span<UInt8>, _ node: JSONNode, _ text: String) -> Bool {
    if node.hasEscapes { return decoded(bytes, node).elementsEqual(text.utf8) }
    let content = node.content
    let utf8 = text.utf8
    guard content.count == utf8.count else { return false }
    var index = content.lowerBound
    for byte in utf8 {
      guard bytes[index] == byte else { return false }
      index += 1
    }
    return true
  }

  static func hash(_ bytes: Span<UInt8>, _ node: JSONNode) -> Int {
    var hasher = Hasher()
    if node.hasEscapes {
      decoded(bytes, node).withUnsafeBytes { hasher.combine(bytes: $0) }
    } else {
      bytes.extracting(node.content).withUnsafeBytes { hasher.combine(bytes: $0) }
    }
    return hasher.finalize()
  }

  /// A byte in words for an error message.
  static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: "\"\(Character(Unicode.Scalar(byte)))\""
    case 0x20: "a space"
    default: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}
