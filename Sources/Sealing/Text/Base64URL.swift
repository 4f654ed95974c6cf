/// Base64 text with the URL-safe alphabet and no padding (RFC 4648 section 5, as RFC 7515 uses it), read strictly.
public enum Base64URL {
  /// The unpadded ASCII form.
  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    Base64Alphabet.urlSafe.append(bytes.span, to: &text)
    return text
  }

  /// The unpadded form as a string.
  public static func string(_ bytes: [UInt8]) -> String {
    String(decoding: encode(bytes), as: UTF8.self)
  }

  /// The bytes of an unpadded ASCII form; padding and white space are refused.
  ///
  /// - Throws: `CodecError`.
  public static func decode(_ text: [UInt8]) throws(CodecError) -> [UInt8] {
    try decode(text.span)
  }

  /// The bytes of an unpadded string.
  ///
  /// - Throws: `CodecError`.
  public static func decode(_ text: String) throws(CodecError) -> [UInt8] {
    try decode(Array(text.utf8))
  }

  static func decode(_ text: Span<UInt8>) throws(CodecError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Base64Alphabet.decodedCount(text.count))
    try bytes.withUnsafeMutableBufferPointer { (output) throws(CodecError) in
      try Base64Alphabet.urlSafe.decode(text, into: output)
    }
    return bytes
  }
}
