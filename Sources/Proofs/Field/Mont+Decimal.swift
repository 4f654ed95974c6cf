extension Mont {
  /// Digits of the longest number that is read; 2^256 has 78.
  public static var maximumDigits: Int { 78 }

  /// Reads a decimal number: digits alone, no leading zero but for 0 itself.
  ///
  /// - Throws: `malformedNumber`; `notCanonical` for the modulus and above.
  public init(decimal text: String) throws(ProofsError) {
    try self.init(decimal: Array(text.utf8).span)
  }

  /// Reads the ASCII digits of a decimal number.
  ///
  /// - Throws: as for text.
  public init(decimal digits: Span<UInt8>) throws(ProofsError) {
    guard (1...Self.maximumDigits).contains(digits.count), digits.count == 1 || digits[0] != UInt8(ascii: "0") else {
      throw .malformedNumber
    }
    var number: Limbs = (0, 0, 0, 0)
    var overflow = false
    var index = 0
    while index < digits.count {
      // As many digits as fit 64 bits at a time.
      var chunk: UInt64 = 0
      var scale: UInt64 = 1
      for position in index..<min(index + 19, digits.count) {
        let digit = digits[position] &- UInt8(ascii: "0")
        guard digit <= 9 else { throw .malformedNumber }
        chunk = chunk &* 10 &+ UInt64(digit)
        scale = scale &* 10
      }
      var carry = chunk
      number.0 = multiply(number.0, scale, carry, 0, &carry)
      number.1 = multiply(number.1, scale, carry, 0, &carry)
      number.2 = multiply(number.2, scale, carry, 0, &carry)
      number.3 = multiply(number.3, scale, carry, 0, &carry)
      overflow = overflow || carry != 0
      index += 19
    }
    guard !overflow else { throw .notCanonical }
    try self.init(canonicalLimbs: number)
  }

  /// The decimal digits.
  public var decimal: String { String(decoding: decimalDigits, as: UTF8.self) }

  /// The decimal digits as ASCII.
  public var decimalDigits: [UInt8] {
    var number = canonicalLimbs
    var digits: [UInt8] = []
    digits.reserveCapacity(Self.maximumDigits)
    // Least significant digit first, 19 at a time, then turned around.
    repeat {
      var chunk: UInt64 = 0
      number.3 = Self.divide(number.3, &chunk)
      number.2 = Self.divide(number.2, &chunk)
      number.1 = Self.divide(number.1, &chunk)
      number.0 = Self.divide(number.0, &chunk)
      let isLast = number.0 | number.1 | number.2 | number.3 == 0
      var count = 0
      while isLast ? chunk > 0 : count < 19 {
        digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: chunk % 10))
        chunk /= 10
        count += 1
      }
      if isLast { break }
    } while true
    return digits.isEmpty ? [UInt8(ascii: "0")] : digits.reversed()
  }

  /// Divides (remainder * 2^64 + limb) by 10^19; the remainder is always below 10^19, so the quotient fits.
  private static func divide(_ limb: UInt64, _ remainder: inout UInt64) -> UInt64 {
    let (quotient, rest) = (10_000_000_000_000_000_000 as UInt64).dividingFullWidth((remainder, limb))
    remainder = rest
    return quotient
  }
}
