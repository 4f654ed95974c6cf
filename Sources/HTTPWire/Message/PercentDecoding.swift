/// Percent-decoding (RFC 3986 section 2.1), strict: nothing is guessed or repaired.
enum PercentDecoding {
  /// Decodes `bytes` to text, or nil for a `%` without two hexadecimal digits, a NUL or bytes that are not UTF-8.
  ///
  /// `+` stays `+`: only form bodies write spaces so, and a time zone offset must survive.
  static func text(_ bytes: Span<UInt8>) -> String? {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      var byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "%") {
        guard index + 1 < bytes.count, let high = ASCII.hexValue(bytes[index]),
          let low = ASCII.hexValue(bytes[index + 1])
        else { return nil }
        byte = high << 4 | low
        index += 2
      }
      if byte == 0 { return nil }
      out.append(byte)
    }
    return String(validating: out, as: UTF8.self)
  }
}
