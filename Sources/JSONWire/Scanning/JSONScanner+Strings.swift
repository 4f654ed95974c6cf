extension JSONScanner {
  /// Reads a string or a member name; `position` is at its first quote.
  mutating func scanString(_ bytes: Span<UInt8>, as kind: JSONNode.Kind) throws(JSONError) {
    let start = position
    var index = start + 1
    var flags: UInt8 = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        position = index + 1
        return try append(kind, from: start, flags: flags)
      }
      if byte == UInt8(ascii: "\\") {
        flags = JSONNode.escaped
        position = index
        index = try endOfEscape(bytes, index)
      } else if byte < 0x20 {
        position = index
        throw error(.controlCharacter, "\(JSONText.name(of: byte)) must be escaped in a string")
      } else if byte < 0x80 {
        index += 1
      } else {
        let length = UTF8Sequence.length(bytes, at: index)
        guard length > 0 else {
          position = index
          throw error(.invalidUTF8, "a string is not valid UTF-8")
        }
        index += length
      }
    }
    position = bytes.count
    throw error(.truncated, "the document ends inside a string")
  }

  /// The offset after the escape (or surrogate pair of escapes) that starts at `index`.
  private func endOfEscape(_ bytes: Span<UInt8>, _ index: Int) throws(JSONError) -> Int {
    guard index + 1 < bytes.count else { throw error(.truncated, "the document ends inside a string") }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      break
    default:
      throw error(.invalidEscape, "a backslash may be followed by \" \\ / b f n r t u only")
    }
    guard let unit = JSONText.codeUnit(bytes, at: index + 2) else {
      throw error(.invalidEscape, "\\u needs four hexadecimal digits")
    }
    switch unit {
    case 0xD800...0xDBFF:
      guard index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u"),
        let low = JSONText.codeUnit(bytes, at: index + 8), (0xDC00...0xDFFF).contains(low)
      else { throw error(.invalidEscape, "a high surrogate must be followed by a low one") }
      return index + 12
    case 0xDC00...0xDFFF:
      throw error(.invalidEscape, "a low surrogate stands alone")
    default:
      return index + 6
    }
  }
}

/// Well-formed UTF-8 as RFC 3629 section 4 defines it.
enum UTF8Sequence {
  /// The length of the multi-byte sequence at `index`: 2 to 4, or 0 when it is not well-formed.
  static func length(_ bytes: Span<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return 0
    }
    guard bytes.count - index >= length else { return 0 }
    let allowed: ClosedRange<UInt8>
    switch first {
    case 0xE0: allowed = 0xA0...0xBF  // shorter forms exist
    case 0xED: allowed = 0x80...0x9F  // surrogates
    case 0xF0: allowed = 0x90...0xBF  // shorter forms exist
    case 0xF4: allowed = 0x80...0x8F  // above U+10FFFF
    default: allowed = 0x80...0xBF
    }
    guard allowed.contains(bytes[index + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
