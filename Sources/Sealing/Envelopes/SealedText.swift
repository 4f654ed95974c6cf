/// Sealed bytes as a text for Redis and for files: `wcs1.` and the base64url of salt (32), nonce (12), ciphertext, tag (16).
///
/// Each text has its own key: HKDF-SHA256 of the master key with a random salt and a purpose that the caller names. So one
/// master key serves any number of texts, where AES-256-GCM alone would end at 2^32 random nonces.
public enum SealedText {
  /// What a sealed text begins with; the digit is the version.
  public static let prefix = "wcs1."
  /// Bytes of a salt.
  public static let saltLength = 32

  private static let headerLength = saltLength + AEAD.nonceLength
  private static let overhead = headerLength + AEAD.tagLength

  /// Whether `text` claims to be sealed; whether it is shows only in opening it.
  public static func isSealed(_ text: [UInt8]) -> Bool { text.starts(with: prefix.utf8) }

  /// Seals `plaintext` with AES-256-GCM and gives the text as ASCII.
  ///
  /// - Parameters:
  ///   - master: 32 bytes or more of key.
  ///   - info: the purpose and its version, for example `job payload v1`; at most 1024 bytes.
  ///   - associatedData: what the text belongs to; it is not in the text, and opening needs the same.
  /// - Throws: `wrongLength`, `library`.
  public static func seal(
    _ plaintext: [UInt8], master: SecretBytes, info: String, associatedData: AssociatedData
  ) throws(SealingError) -> [UInt8] {
    try check(master)
    var sealed = [UInt8](repeating: 0, count: overhead + plaintext.count)
    try sealed.withUnsafeMutableBufferPointer { (buffer) throws(SealingError) in
      let header = UnsafeMutableBufferPointer(rebasing: buffer[..<headerLength])
      try SecureRandom.fill(header)
      let salt = UnsafeBufferPointer(header).span.extracting(..<saltLength)
      let nonce = UnsafeBufferPointer(header).span.extracting(saltLength...)
      let output = UnsafeMutableBufferPointer(rebasing: buffer[headerLength...])
      try HKDF.derive(from: master, salt: salt, info: Array(info.utf8).span, length: AEAD.keyLength)
        .withBytes { (key) throws(SealingError) in
          try AEAD.aes256GCM.seal(
            plaintext.span, key: key, nonce: nonce, associatedData: associatedData.bytes.span, into: output)
        }
    }
    var text: [UInt8] = []
    text.reserveCapacity(prefix.utf8.count + Base64Alphabet.encodedCount(sealed.count))
    text.append(contentsOf: prefix.utf8)
    Base64Alphabet.urlSafe.append(sealed.span, to: &text)
    return text
  }

  /// Opens what `seal` made with the same master key, purpose and associated data.
  ///
  /// - Throws: `malformed` for a text that is not of this form, `authenticationFailed` for one that was altered or made
  ///   with other keys or data, `library`.
  public static func open(
    _ text: [UInt8], master: SecretBytes, info: String, associatedData: AssociatedData
  ) throws(SealingError) -> [UInt8] {
    try check(master)
    guard isSealed(text) else { throw .malformed(form: "sealed text", reason: "it does not begin with \(prefix)") }
    let sealed: [UInt8]
    do {
      sealed = try Base64URL.decode(text.span.extracting(prefix.utf8.count...))
    } catch {
      throw .malformed(form: "sealed text", reason: error.description)
    }
    guard sealed.count >= overhead else {
      throw .malformed(form: "sealed text", reason: "\(sealed.count) bytes are too few")
    }
    let span = sealed.span
    let nonce = span.extracting(saltLength..<headerLength)
    let body = span.extracting(headerLength...)
    let info = Array(info.utf8)
    let key = try HKDF.derive(
      from: master, salt: span.extracting(..<saltLength), info: info.span, length: AEAD.keyLength)
    var plaintext = [UInt8](repeating: 0, count: sealed.count - overhead)
    try key.withBytes { (key) throws(SealingError) in
      try plaintext.withUnsafeMutableBufferPointer { (output) throws(SealingError) in
        try AEAD.aes256GCM.open(
          body, key: key, nonce: nonce, associatedData: associatedData.bytes.span, into: output)
      }
    }
    return plaintext
  }

  private static func check(_ master: SecretBytes) throws(SealingError) {
    guard master.count >= AEAD.keyLength else {
      throw .wrongLength(argument: "master key", expected: "at least \(AEAD.keyLength)", actual: master.count)
    }
  }
}
