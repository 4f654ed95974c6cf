/// Hexadecimal text (RFC 4648 section 8); writes lower case, reads both.
public enum Hex {
  /// The ASCII form, two characters a byte.
  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { output, count in
      for byte in bytes {
        output[count] = digit(byte >> 4)
        output[count + 1] = digit(byte & 15)
        count += 2
      }
    }
  }

  /// The form as a string.
  public static func string(_ bytes: [UInt8]) -> String {
    String(decoding: encode(bytes), as: UTF8.self)
  }

  /// The bytes of an ASCII form.
  ///
  /// - Throws: `invalidLength` for an odd number of characters, `invalidCharacter`.
  public static func decode(_ text: [UInt8]) throws(CodecError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: text.count / 2)
    try bytes.withUnsafeMutableBufferPointer { (output) throws(CodecError) in
      try decode(text.span, into: output)
    }
    return bytes
  }

  /// The bytes of a string.
  ///
  /// - Throws: as for bytes.
  public static func decode(_ text: String) throws(CodecError) -> [UInt8] {
    try decode(Array(text.utf8))
  }

  static func decode(_ text: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) throws(CodecError) {
    guard text.count % 2 == 0 else { throw .invalidLength(text.count) }
    for index in 0..<text.count / 2 {
      guard let high = value(text[index * 2]) else { throw .invalidCharacter(offset: index * 2) }
      guard let low = value(text[index * 2 + 1]) else { throw .invalidCharacter(offset: index * 2 + 1) }
      output[index] = high << 4 | low
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
