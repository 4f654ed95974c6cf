/// The few pieces of RESP that a client writes.
enum RESPEncoding {
  /// The most that `appendHead` writes: a mark, a sign, 19 digits and a line end.
  static let headCount = 23
  /// The most that `appendBulk` writes beside the content.
  static let bulkOverhead = headCount + 2

  /// Appends a mark and a number as a line: `*3` or `$5`.
  static func appendHead(_ mark: UInt8, _ number: Int, to output: inout OutputSpan<UInt8>) {
    output.append(mark)
    append(decimal: Int64(number), to: &output)
    appendLineEnd(to: &output)
  }

  /// Appends a bulk string.
  static func appendBulk(_ content: UnsafeRawBufferPointer, to output: inout OutputSpan<UInt8>) {
    appendHead(UInt8(ascii: "$"), content.count, to: &output)
    append(content, to: &output)
    appendLineEnd(to: &output)
  }

  /// Appends an integer as decimal digits; no String is made.
  static func append(decimal value: Int64, to output: inout OutputSpan<UInt8>) {
    if value < 0 {
      output.append(UInt8(ascii: "-"))
    }
    var rest = value.magnitude
    if rest < 10 {
      output.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest))
      return
    }
    let start = output.count
    output.append(repeating: 0, count: digitCount(rest))
    var digits = output.mutableSpan
    var index = digits.count
    while index > start {
      index -= 1
      digits[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Appends bytes in one copy.
  static func append(_ bytes: UnsafeRawBufferPointer, to output: inout OutputSpan<UInt8>) {
    precondition(bytes.count <= output.freeCapacity, "no room was made for the bytes")
    output.withUnsafeMutableBufferPointer { room, used in
      UnsafeMutableRawBufferPointer(room)[used...].copyBytes(from: bytes)
      used += bytes.count
    }
  }

  /// How many bytes `append(decimal:)` writes.
  static func decimalCount(_ value: Int64) -> Int {
    digitCount(value.magnitude) + (value < 0 ? 1 : 0)
  }

  static func appendLineEnd(to output: inout OutputSpan<UInt8>) {
    output.append(UInt8(ascii: "\r"))
    output.append(UInt8(ascii: "\n"))
  }

  private static func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var rest = value
    while rest > 9 {
      rest /= 10
      count += 1
    }
    return count
  }
}
