/// Reads 32-byte keys from configuration: 64 hexadecimal characters, base64 or base64url, or 32 printable ASCII characters.
public enum KeyText {
  /// Bytes of a key.
  public static let keyLength = 32

  /// The key behind `text`; white space around it (a file's last line feed) does not count.
  ///
  /// - Throws: `KeyTextError`, which refuses examples and guessable patterns too.
  public static func parse(_ text: String) throws(KeyTextError) -> SecretBytes {
    let characters = SecretBytes(copying: Array(text.utf8))
    return try characters.withBytes { (all) throws(KeyTextError) in
      let text = all.extracting(contentRange(of: all))
      guard text.count > 0 else { throw .empty }
      // Before the length: who left "changeme" is best told so.
      guard !Placeholder.occurs(in: text) else { throw .placeholder }
      let key = try read(text)
      try key.withBytes { (bytes) throws(KeyTextError) in
        guard !Placeholder.occurs(in: bytes) else { throw .placeholder }
        if let reason = KeyPattern.first(in: bytes) { throw .predictable(reason: reason) }
      }
      return key
    }
  }

  private static func read(_ text: Span<UInt8>) throws(KeyTextError) -> SecretBytes {
    switch text.count {
    case 64:
      return try read(as: "hexadecimal") { (output) throws(CodecError) in try Hex.decode(text, into: output) }
    case 43, 44:
      var body = text
      if text.count == 44 {
        guard text[43] == UInt8(ascii: "=") else { throw .unreadable(form: "base64") }
        body = text.extracting(..<43)
      }
      var alphabet = Base64Alphabet.standard
      for index in body.indices where body[index] == UInt8(ascii: "-") || body[index] == UInt8(ascii: "_") {
        alphabet = .urlSafe
      }
      return try read(as: "base64") { (output) throws(CodecError) in try alphabet.decode(body, into: output) }
    case keyLength:
      for index in text.indices where !(0x20...0x7E).contains(text[index]) {
        throw .unreadable(form: "a raw key of printable ASCII")
      }
      return SecretBytes(count: keyLength) { output in
        for index in text.indices { output[index] = text[index] }
      }
    case ..<keyLength: throw .tooShort(characters: text.count)
    default: throw .wrongLength(characters: text.count)
    }
  }

  private static func read(
    as form: String, _ decode: (UnsafeMutableBufferPointer<UInt8>) throws(CodecError) -> Void
  ) throws(KeyTextError) -> SecretBytes {
    do {
      return try SecretBytes(count: keyLength, filling: decode)
    } catch {
      throw .unreadable(form: form)
    }
  }

  private static func contentRange(of text: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = text.count
    while start < end, isSpace(text[start]) { start += 1 }
    while end > start, isSpace(text[end - 1]) { end -= 1 }
    return start..<end
  }

  private static func isSpace(_ character: UInt8) -> Bool {
    character == 0x20 || (0x09...0x0D).contains(character)
  }
}
