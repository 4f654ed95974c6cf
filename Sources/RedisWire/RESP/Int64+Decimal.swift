extension Int64 {
  /// Reads plain decimal: digits with at most a leading minus, nothing else.
  ///
  /// The rules of hiredis' `string2ll`: no plus sign, no leading zeros, no minus zero, no blanks; nil on overflow.
  init?(decimal text: Span<UInt8>) {
    let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    let digits = text.count - start
    guard digits > 0, digits <= 19 else { return nil }
    if text[start] == UInt8(ascii: "0") {
      guard digits == 1, !isNegative else { return nil }
      self = 0
      return
    }
    // 19 digits stay below 10^19, which UInt64 holds, so that the sum cannot wrap.
    var magnitude: UInt64 = 0
    for index in start..<text.count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      magnitude = magnitude &* 10 &+ UInt64(digit)
    }
    if isNegative {
      guard magnitude <= Int64.min.magnitude else { return nil }
      self = Int64(truncatingIfNeeded: 0 &- magnitude)
    } else {
      guard magnitude <= UInt64(Int64.max) else { return nil }
      self = Int64(magnitude)
    }
  }
}
