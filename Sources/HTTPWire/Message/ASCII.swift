/// Byte classes of RFC 9110 section 5.6 and RFC 3986, as bit tests without a table in memory.
enum ASCII {
  static let tab: UInt8 = 9
  static let lineFeed: UInt8 = 10
  static let carriageReturn: UInt8 = 13
  static let space: UInt8 = 32
  static let comma: UInt8 = 44
  static let colon: UInt8 = 58
  static let semicolon: UInt8 = 59

  /// Whether `byte` may stand in a token: `!#$%&'*+-.^_`|~`, digits, letters.
  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    // Bit n of the pair stands for byte n.
    let low: UInt64 = 0x03FF_6CFA_0000_0000
    let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    if byte < 64 { return (low >> UInt64(byte)) & 1 == 1 }
    if byte < 128 { return (high >> UInt64(byte & 63)) & 1 == 1 }
    return false
  }

  /// Whether `byte` may stand in a field value: visible, space, tab or obs-text (0x80 and up).
  @inline(__always)
  static func isFieldValue(_ byte: UInt8) -> Bool { (byte >= 32 && byte != 127) || byte == tab }

  /// Whether `byte` may stand in a request target: visible ASCII but `#`, which would begin a fragment.
  @inline(__always)
  static func isTarget(_ byte: UInt8) -> Bool { byte > 32 && byte < 127 && byte != 35 }

  /// Whether `byte` may stand in a Host field: unreserved, sub-delims, `%`, `:`, `[` and `]`.
  @inline(__always)
  static func isHost(_ byte: UInt8) -> Bool {
    let low: UInt64 = 0x2FFF_7FF2_0000_0000
    let high: UInt64 = 0x47FF_FFFE_AFFF_FFFE
    if byte < 64 { return (low >> UInt64(byte)) & 1 == 1 }
    if byte < 128 { return (high >> UInt64(byte & 63)) & 1 == 1 }
    return false
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

  /// The value of a hexadecimal digit, or nil.
  @inline(__always)
  static func hexValue(_ byte: UInt8) -> UInt8? {
    if byte &- 48 < 10 { return byte &- 48 }
    let lower = byte | 32
    if lower &- 97 < 6 { return lower &- 87 }
    return nil
  }

  /// Whether `range` of `bytes` equals `text` without regard to the case of letters.
  @inline(__always)
  static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard range.count == count else { return false }
    let pointer = text.utf8Start
    for index in 0..<count where lowercased(bytes[range.lowerBound + index]) != lowercased(pointer[index]) {
      return false
    }
    return true
  }

  /// `range` without blanks at either end.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, isBlank(bytes[lower]) { lower += 1 }
    while upper > lower, isBlank(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  /// Calls `body` with each element of a comma-separated list in `range`, trimmed; empty elements are left out.
  static func forEachElement(_ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = range.lowerBound
    while start <= range.upperBound {
      var end = start
      while end < range.upperBound, bytes[end] != comma { end += 1 }
      let element = trimmed(bytes, start..<end)
      if !element.isEmpty { body(element) }
      start = end + 1
    }
  }
}
