/// A ULID: 48 bits of milliseconds and 80 random bits, 26 characters of Crockford's base32 that sort by time.
struct ULID: Sendable, Hashable {
  static let length = 26
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The 48 bits of time and the upper 16 of the random bits.
  let high: UInt64
  /// The lower 64 of the random bits.
  let low: UInt64

  init(milliseconds: UInt64, random high: UInt16, _ low: UInt64) {
    self.high = milliseconds << 16 | UInt64(high)
    self.low = low
  }

  /// The next one of the same millisecond, or nil when the random bits are at their end.
  var successor: ULID? {
    if low != .max { return ULID(high: high, low: low + 1) }
    guard high & 0xFFFF != 0xFFFF else { return nil }
    return ULID(high: high + 1, low: 0)
  }

  var milliseconds: UInt64 { high >> 16 }

  var text: String {
    // 130 bits in 26 digits of 5: the topmost 2 bits are 0.
    var digits = [UInt8](repeating: 0, count: Self.length)
    var (high, low) = (high, low)
    for index in digits.indices.reversed() {
      digits[index] = Self.alphabet[Int(low & 31)]
      low = low >> 5 | high << 59
      high >>= 5
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// Whether these are 26 digits in upper case whose value fits in 128 bits.
  static func isText(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count == length, let first = bytes.first, first <= UInt8(ascii: "7") else { return false }
    return bytes.allSatisfy { value(of: $0) != nil }
  }

  /// The time in the first ten digits; digits that are none count as 0.
  static func milliseconds(_ bytes: some Collection<UInt8>) -> Int64 {
    bytes.prefix(10).reduce(0) { $0 << 5 | Int64(value(of: $1) ?? 0) }
  }

  /// The 128 bits of 26 digits; digits that are none count as 0.
  static func bits(_ bytes: some Collection<UInt8>) -> (high: UInt64, low: UInt64) {
    bytes.prefix(length).reduce((high: 0, low: 0)) { bits, byte in
      (bits.high << 5 | bits.low >> 59, bits.low << 5 | UInt64(value(of: byte) ?? 0))
    }
  }

  /// `count` random digits.
  static func digits(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
    (0..<count).map { _ in alphabet[Int(generator.next() & 31)] }
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "H"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "J"), UInt8(ascii: "K"): byte - UInt8(ascii: "J") + 18
    case UInt8(ascii: "M"), UInt8(ascii: "N"): byte - UInt8(ascii: "M") + 20
    case UInt8(ascii: "P")...UInt8(ascii: "T"): byte - UInt8(ascii: "P") + 22
    case UInt8(ascii: "V")...UInt8(ascii: "Z"): byte - UInt8(ascii: "V") + 27
    default: nil
    }
  }
}
