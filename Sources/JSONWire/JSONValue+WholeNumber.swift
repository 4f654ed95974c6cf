extension JSONValue {
  /// The number when its value is whole and fits in 64 bits, however it is written: `51`, `51.0` and `5.1e1` are the same
  /// number (JSON Schema 2020-12 section 6.1.1); else nil.
  public var asWholeNumber: Int64? {
    if isInteger { return asInt64 }
    guard let text = numberText else { return nil }
    let parts = text.split(maxSplits: 1) { $0 == "e" || $0 == "E" }
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let sign = mantissa[0].hasPrefix("-") ? "-" : ""
    let whole = mantissa[0].dropFirst(sign.count)
    let fraction = mantissa.count == 2 ? mantissa[1] : ""
    var digits = Array((whole + fraction).drop { $0 == "0" })
    if digits.isEmpty { return 0 }
    // An exponent that no Int holds is beyond every number that fits.
    guard let exponent = parts.count == 2 ? Int(parts[1]) : 0, (-1_000_000...1_000_000).contains(exponent) else {
      return nil
    }
    // The place of the last digit, counted from the point: more than 0 means zeros behind it.
    var shift = exponent - fraction.count
    while digits.last == "0" {
      digits.removeLast()
      shift += 1
    }
    guard shift >= 0, digits.count + shift <= 19 else { return nil }
    return Int64(sign + String(digits) + String(repeating: "0", count: shift))
  }
}
