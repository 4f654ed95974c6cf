/// Reads the pieces of which RESP is made. Each answers nil, and leaves `position`, while the piece is not there in full.
enum RESPLine {
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")

  /// A decimal integer and its line end, by the rules of `Int64(decimal:)`.
  @inline(__always)
  static func integer(_ input: Span<UInt8>, _ position: inout Int) throws(RESPFault) -> Int64? {
    let end = input.count
    var index = position
    guard index < end else { return nil }
    let isNegative = input[index] == UInt8(ascii: "-")
    if isNegative {
      index += 1
    }
    let start = index
    var magnitude: UInt64 = 0
    // 19 digits stay below 10^19, which UInt64 holds, so that the sum cannot wrap; a 20th is refused as no line end.
    let mostDigits = min(end - start, 19)
    while index &- start < mostDigits {
      let digit = input[index] &- UInt8(ascii: "0")
      if digit > 9 { break }
      magnitude = magnitude &* 10 &+ UInt64(digit)
      index &+= 1
    }
    guard index < end else { return nil }
    guard input[index] == carriageReturn, index > start else { throw RESPFault(.integer, at: index) }
    if input[start] == UInt8(ascii: "0"), isNegative || index - start > 1 {
      throw RESPFault(.integer, at: start)
    }
    guard try lineEnd(input, at: index) else { return nil }
    position = index + 2
    if isNegative {
      guard magnitude <= Int64.min.magnitude else { throw RESPFault(.integer, at: start) }
      return Int64(truncatingIfNeeded: 0 &- magnitude)
    }
    guard magnitude <= UInt64(Int64.max) else { throw RESPFault(.integer, at: start) }
    return Int64(magnitude)
  }

  /// The extent of a line of text without its line end.
  ///
  /// - Parameter scanned: how many bytes of the line an earlier call has seen; set when nil is answered, so that a long
  ///   line that comes in pieces is looked at once.
  static func text(
    _ input: Span<UInt8>, _ position: inout Int, scanned: inout Int, limit: Int
  ) throws(RESPFault) -> Range<Int>? {
    let start = position
    var index = start + scanned
    while index < input.count {
      let byte = input[index]
      if byte == carriageReturn || byte == lineFeed { break }
      index += 1
      guard index - start <= limit else { throw RESPFault(.bulkLimit(limit), at: start + limit) }
    }
    guard index < input.count, try lineEnd(input, at: index) else {
      scanned = index - start
      return nil
    }
    scanned = 0
    position = index + 2
    return start..<index
  }

  /// The extent of `length` bytes without the line end that follows them.
  @inline(__always)
  static func bulk(_ input: Span<UInt8>, _ position: inout Int, length: Int) throws(RESPFault) -> Range<Int>? {
    let end = position + length
    guard end + 2 <= input.count, try lineEnd(input, at: end) else { return nil }
    defer { position = end + 2 }
    return position..<end
  }

  /// Whether CR LF is at `index`; false while it is not there in full.
  @inline(__always)
  static func lineEnd(_ input: Span<UInt8>, at index: Int) throws(RESPFault) -> Bool {
    guard index < input.count else { return false }
    guard input[index] == carriageReturn else { throw RESPFault(.lineEnd, at: index) }
    guard index + 1 < input.count else { return false }
    guard input[index + 1] == lineFeed else { throw RESPFault(.lineEnd, at: index + 1) }
    return true
  }
}
