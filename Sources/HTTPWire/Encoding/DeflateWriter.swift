/// Writes a block of deflate with the fixed codes (RFC 1951 sections 3.2.5 and 3.2.6), bit by bit.
struct DeflateWriter {
  private var out: [UInt8]
  private var held: UInt64 = 0
  private var heldBits = 0

  /// Writes behind `head`.
  init(after head: [UInt8], capacity: Int) {
    out = head
    out.reserveCapacity(capacity)
  }

  /// Begins a block; nothing may stand before its first symbol.
  mutating func beginFixedBlock(isLast: Bool) { write(isLast ? 0b011 : 0b010, bits: 3) }

  /// Ends the block.
  mutating func endBlock() { symbol(256) }

  /// One byte as it is.
  mutating func literal(_ byte: UInt8) { symbol(Int(byte)) }

  /// The `length` (3 to 258) bytes that stand `distance` (1 to 32768) before.
  mutating func match(length: Int, distance: Int) {
    let (code, base, extra) = Self.bracket(length, of: Self.lengths)
    symbol(257 + code)
    write(UInt64(length - base), bits: extra)
    let (place, start, more) = Self.bracket(distance, of: Self.distances)
    write(Self.reversed(UInt64(place), bits: 5), bits: 5)
    write(UInt64(distance - start), bits: more)
  }

  /// All bytes, the last one filled up with zeros.
  mutating func finished() -> [UInt8] {
    if heldBits > 0 { write(0, bits: (8 - heldBits % 8) % 8) }
    return out
  }

  private mutating func symbol(_ value: Int) {
    switch value {
    case ..<144: code(UInt64(0x30 + value), bits: 8)
    case ..<256: code(UInt64(0x190 + value - 144), bits: 9)
    case ..<280: code(UInt64(value - 256), bits: 7)
    default: code(UInt64(0xC0 + value - 280), bits: 8)
    }
  }

  /// A Huffman code stands with its highest bit first, everything else with its lowest.
  private mutating func code(_ value: UInt64, bits: Int) { write(Self.reversed(value, bits: bits), bits: bits) }

  private static func reversed(_ value: UInt64, bits: Int) -> UInt64 {
    (0..<bits).reduce(0) { $0 << 1 | (value >> UInt64($1)) & 1 }
  }

  private mutating func write(_ value: UInt64, bits: Int) {
    held |= value << UInt64(heldBits)
    heldBits += bits
    while heldBits >= 8 {
      out.append(UInt8(truncatingIfNeeded: held))
      held >>= 8
      heldBits -= 8
    }
  }

  /// First value and extra bits of each code.
  private typealias Brackets = [(base: Int, extra: Int)]

  /// Four codes to each number of extra bits, two for distances, from the first two groups on; 258 has one of its own.
  private static let lengths = brackets(first: 3, count: 28, group: 4) + [(258, 0)]
  private static let distances = brackets(first: 1, count: 30, group: 2)

  private static func brackets(first: Int, count: Int, group: Int) -> Brackets {
    var next = first
    return (0..<count).map { code in
      let extra = max(0, code / group - 1)
      defer { next += 1 << extra }
      return (next, extra)
    }
  }

  private static func bracket(_ value: Int, of brackets: Brackets) -> (code: Int, base: Int, extra: Int) {
    let code = brackets.lastIndex { $0.base <= value } ?? 0
    return (code, brackets[code].base, brackets[code].extra)
  }
}
