/// Compresses whole bodies for `Content-Encoding: gzip` (RFC 1952); for files that are sent as they are again and again.
///
/// One block of fixed Huffman codes (RFC 1951 section 3.2.6): text comes out at about 40 %, without a table to build.
public enum Gzip {
  /// One gzip member of `bytes`.
  ///
  /// - Complexity: O(bytes), some 50 ns a byte; not for bodies that callers make as large as they like.
  public static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    // Deflate, no flags, no time, no hint, unknown system.
    var out = DeflateWriter(after: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF], capacity: bytes.count / 2 + 64)
    out.beginFixedBlock(isLast: true)
    var finder = MatchFinder(bytes)
    var position = 0
    while position < bytes.count {
      if let match = finder.match(at: position) {
        out.match(length: match.length, distance: match.distance)
        for next in position..<(position + match.length) { finder.enter(next) }
        position += match.length
      } else {
        out.literal(bytes[position])
        finder.enter(position)
        position += 1
      }
    }
    out.endBlock()
    var member = out.finished()
    member.append(littleEndian: CRC32.of(bytes))
    member.append(littleEndian: UInt32(truncatingIfNeeded: bytes.count))
    return member
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
  }
}

/// The checksum of gzip (RFC 1952 section 8).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  /// The checksum of `bytes`.
  static func of(_ bytes: [UInt8]) -> UInt32 {
    let table = table
    return ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
  }
}
