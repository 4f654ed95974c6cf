/// Validates one document against RFC 8259 and writes its tape.
///
/// It uses no stack: while a container is open its tape entry holds the index of its parent. Linear in the number of
/// bytes, one allocation that grows with the number of values.
struct JSONScanner: ~Copyable {
  /// What the grammar allows next, between tokens.
  enum Expectation {
    /// A value. Next: `separatorOrEnd`, `valueOrEnd`, `nameOrEnd`.
    case value
    /// The array was just opened: a value or `]`. Next: as `value`, or `separatorOrEnd`.
    case valueOrEnd
    /// The object was just opened: a name or `}`. Next: `value`, `separatorOrEnd`.
    case nameOrEnd
    /// A comma was read in an object: a name. Next: `value`.
    case name
    /// A value was read: a comma or the end of the container. Next: `value`, `name`, `separatorOrEnd`.
    case separatorOrEnd
  }

  let limits: JSONLimits
  var tape: [JSONNode] = []
  var position = 0
  /// Index of the innermost open container.
  var open = JSONNode.none
  var depth = 0

  init(limits: JSONLimits) { self.limits = limits }

  mutating func scan(_ bytes: Span<UInt8>) throws(JSONError) {
    let longest = min(limits.bytes, Int(Int32.max))
    guard bytes.count <= longest else {
      throw JSONError(
        code: .tooLarge, offset: longest, message: "the document has \(bytes.count) bytes, the limit is \(longest)")
    }
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw JSONError(
        code: .byteOrderMark, offset: 0, message: "the document starts with a byte order mark; leave it out")
    }
    tape.reserveCapacity(min(bytes.count / 6 + 4, 256))
    var expectation = Expectation.value
    repeat {
      skipSpace(bytes)
      guard position < bytes.count else { throw truncated(expectation) }
      let byte = bytes[position]
      switch expectation {
      case .value:
        expectation = try scanValue(bytes, byte)
      case .valueOrEnd:
        expectation = try byte == UInt8(ascii: "]") ? close() : scanValue(bytes, byte)
      case .nameOrEnd where byte == UInt8(ascii: "}"):
        expectation = close()
      case .nameOrEnd, .name:
        expectation = try scanName(bytes, byte)
      case .separatorOrEnd:
        expectation = try scanSeparator(bytes, byte)
      }
    } while open != JSONNode.none
    skipSpace(bytes)
    guard position == bytes.count else {
      throw error(.trailingContent, "content after the end of the document; send one value")
    }
  }

  @inline(__always)
  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  @inline(__always)
  private mutating func scanValue(_ bytes: Span<UInt8>, _ byte: UInt8) throws(JSONError) -> Expectation {
    switch byte {
    case UInt8(ascii: "\""): try scanString(bytes, as: .string)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(bytes)
    case UInt8(ascii: "{"): return try openContainer(.object)
    case UInt8(ascii: "["): return try openContainer(.array)
    case UInt8(ascii: "t"): try scanLiteral(bytes, "true", .yes)
    case UInt8(ascii: "f"): try scanLiteral(bytes, "false", .no)
    case UInt8(ascii: "n"): try scanLiteral(bytes, "null", .null)
    default: throw error(.unexpectedByte, "expected a value, not \(JSONText.name(of: byte))")
    }
    return .separatorOrEnd
  }

  private mutating func scanName(_ bytes: Span<UInt8>, _ byte: UInt8) throws(JSONError) -> Expectation {
    guard byte == UInt8(ascii: "\"") else {
      throw error(.unexpectedByte, "expected a member name in double quotes, not \(JSONText.name(of: byte))")
    }
    try scanString(bytes, as: .name)
    skipSpace(bytes)
    guard position < bytes.count else { throw error(.truncated, "the document ends where \":\" was expected") }
    guard bytes[position] == UInt8(ascii: ":") else {
      throw error(.unexpectedByte, "expected \":\" after a member name, not \(JSONText.name(of: bytes[position]))")
    }
    position += 1
    return .value
  }

  private mutating func scanSeparator(_ bytes: Span<UInt8>, _ byte: UInt8) throws(JSONError) -> Expectation {
    let inObject = tape[Int(open)].kind == .object
    switch byte {
    case UInt8(ascii: ","):
      position += 1
      return inObject ? .name : .value
    case UInt8(ascii: "}") where inObject:
      try refuseDuplicateNames(bytes)
      return close()
    case UInt8(ascii: "]") where !inObject:
      return close()
    default:
      let end = inObject ? "}" : "]"
      throw error(.unexpectedByte, "expected \",\" or \"\(end)\", not \(JSONText.name(of: byte))")
    }
  }

  private mutating func scanLiteral(
    _ bytes: Span<UInt8>, _ literal: StaticString, _ kind: JSONNode.Kind
  ) throws(JSONError) {
    let start = position
    for index in 0..<literal.utf8CodeUnitCount {
      guard start + index < bytes.count else {
        position = bytes.count
        throw error(.truncated, "the document ends inside \(literal)")
      }
      guard bytes[start + index] == literal.utf8Start[index] else {
        throw error(.unexpectedByte, "expected \(literal) in lower case")
      }
    }
    position = start + literal.utf8CodeUnitCount
    try append(kind, from: start)
  }

  /// Adds the value that ends at `position` to the tape.
  @inline(__always)
  mutating func append(_ kind: JSONNode.Kind, from start: Int, flags: UInt8 = 0) throws(JSONError) {
    guard tape.count < limits.values else { throw tooMany() }
    tape.append(
      JSONNode(
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
        next: UInt32(truncatingIfNeeded: tape.count + 1), kind: kind, flags: flags))
  }

  private mutating func openContainer(_ kind: JSONNode.Kind) throws(JSONError) -> Expectation {
    guard depth < limits.depth else {
      throw error(.tooDeep, "objects and arrays nest deeper than \(limits.depth)")
    }
    guard tape.count < limits.values else { throw tooMany() }
    depth += 1
    let index = UInt32(truncatingIfNeeded: tape.count)
    tape.append(JSONNode(start: UInt32(truncatingIfNeeded: position), end: 0, next: open, kind: kind, flags: 0))
    open = index
    position += 1
    return kind == .object ? .nameOrEnd : .valueOrEnd
  }

  /// Ends the innermost container; `position` is at its last byte.
  private mutating func close() -> Expectation {
    position += 1
    depth -= 1
    let index = Int(open)
    open = tape[index].next
    tape[index].end = UInt32(truncatingIfNeeded: position)
    tape[index].next = UInt32(truncatingIfNeeded: tape.count)
    return .separatorOrEnd
  }
}
