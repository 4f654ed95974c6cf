/// The few pieces of RESP that a client writes.
enum RESPEncoding {
  static func appendLineEnd(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Appends an integer as decimal digits; no String is made.
  static func append(decimal value: Int64, to bytes: inout [UInt8]) {
    if value >= 0, value < 10 {
      bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
      return
    }
    if value < 0 {
      bytes.append(UInt8(ascii: "-"))
    }
    let start = bytes.count
    var rest = value.magnitude
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    bytes[start...].reverse()
  }

  /// How many bytes `append(decimal:)` writes.
  static func decimalCount(_ value: Int64) -> Int {
    var count = value < 0 ? 2 : 1
    var rest = value.magnitude
    while rest > 9 {
      rest /= 10
      count += 1
    }
    return count
  }
}
