extension JSONScanner {
  /// Reads a number by the grammar of RFC 8259 section 6; its text is kept, not its value.
  mutating func scanNumber(_ bytes: Span<UInt8>) throws(JSONError) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
      position += 1
      if position < bytes.count, JSONText.isDigit(bytes[position]) {
        throw error(.invalidNumber, "a number may not start with a zero followed by digits")
      }
    } else {
      try digits(bytes, after: "-")
    }
    var flags = JSONNode.integer
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      flags = 0
      position += 1
      try digits(bytes, after: ".")
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      flags = 0
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      try digits(bytes, after: "the exponent sign")
    }
    guard position - start <= limits.numberBytes else {
      let length = position - start
      position = start
      throw error(.invalidNumber, "a number of \(length) bytes is longer than the limit of \(limits.numberBytes)")
    }
    try append(.number, from: start, flags: flags)
  }

  @inline(__always)
  private mutating func digits(_ bytes: Span<UInt8>, after what: StaticString) throws(JSONError) {
    let start = position
    while position < bytes.count, JSONText.isDigit(bytes[position]) { position += 1 }
    if position == start {
      throw error(position < bytes.count ? .invalidNumber : .truncated, "a number needs a digit after \(what)")
    }
  }
}
