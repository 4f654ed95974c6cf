/// Base64 text with the standard alphabet and required padding (RFC 4648 section 4), read strictly: one text a value.
public enum Base64 {
  /// The padded ASCII form.
  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    Base64Alphabet.standard.append(bytes.span, to: &text)
    while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    return text
  }

  /// The padded form as a string.
  public static func string(_ bytes: [UInt8]) -> String {
    String(decoding: encode(bytes), as: UTF8.self)
  }

  /// The bytes of a padded ASCII form; white space is refused too.
  ///
  /// - Throws: `CodecError`.
  public static func decode(_ text: [UInt8]) throws(CodecError) -> [UInt8] {
    let padding = text.reversed().prefix(3).prefix { $0 == UInt8(ascii: "=") }.count
    guard text.count % 4 == 0, padding <= 2 else { throw .invalidPadding }
    let body = text.count - padding
    var bytes = [UInt8](repeating: 0, count: Base64Alphabet.decodedCount(body))
    try bytes.withUnsafeMutableBufferPointer { (output) throws(CodecError) in
      try Base64Alphabet.standard.decode(text.span.extracting(..<body), into: output)
    }
    return bytes
  }

  /// The bytes of a padded string.
  ///
  /// - Throws: `CodecError`.
  public static func decode(_ text: String) throws(CodecError) -> [UInt8] {
    try decode(Array(text.utf8))
  }
}
