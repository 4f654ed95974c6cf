internal import COpenSSL

/// Authenticated encryption with associated data, by OpenSSL.
///
/// Sealed bytes are the ciphertext followed by the 16-byte tag. A nonce must never serve twice under one key.
/// - Source: AES-256-GCM is NIST SP 800-38D, ChaCha20-Poly1305 is RFC 8439.
public enum AEAD: Sendable, CaseIterable {
  /// AES-256-GCM.
  case aes256GCM
  /// ChaCha20-Poly1305 with a 96-bit nonce.
  case chaCha20Poly1305

  /// Bytes of a key.
  public static let keyLength = 32
  /// Bytes of a nonce.
  public static let nonceLength = 12
  /// Bytes by which a seal is longer than its content.
  public static let tagLength = 16

  /// The most bytes of content or of associated data in one call, 1 GiB: OpenSSL counts in 32-bit integers.
  public static let maximumLength = 1 << 30

  /// Encrypts and authenticates `plaintext`, authenticates `associatedData`.
  ///
  /// - Throws: `wrongLength` for a key, nonce or content of a wrong size; `library`.
  public func seal(
    _ plaintext: [UInt8], key: SecretBytes, nonce: [UInt8], associatedData: [UInt8] = []
  ) throws(SealingError) -> [UInt8] {
    var sealed = [UInt8](repeating: 0, count: plaintext.count + Self.tagLength)
    try key.withBytes { (key) throws(SealingError) in
      try sealed.withUnsafeMutableBufferPointer { (output) throws(SealingError) in
        try seal(
          plaintext.span, key: key, nonce: nonce.span, associatedData: associatedData.span, into: output)
      }
    }
    return sealed
  }

  /// Checks and decrypts what `seal` made with the same key, nonce and associated data.
  ///
  /// - Throws: `authenticationFailed` for any altered bit; `wrongLength` for a key or nonce of a wrong size; `library`.
  public func open(
    _ sealed: [UInt8], key: SecretBytes, nonce: [UInt8], associatedData: [UInt8] = []
  ) throws(SealingError) -> [UInt8] {
    guard sealed.count >= Self.tagLength else { throw .authenticationFailed }
    var plaintext = [UInt8](repeating: 0, count: sealed.count - Self.tagLength)
    try key.withBytes { (key) throws(SealingError) in
      try plaintext.withUnsafeMutableBufferPointer { (output) throws(SealingError) in
        try open(sealed.span, key: key, nonce: nonce.span, associatedData: associatedData.span, into: output)
      }
    }
    return plaintext
  }

  /// Seals into `output`, which holds exactly the content's length and the tag's.
  func seal(
    _ plaintext: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, associatedData: Span<UInt8>,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) throws(SealingError) {
    let cipher = try CipherContext(self, .seal, key: key, nonce: nonce)
    let split = output.count - Self.tagLength
    try cipher.authenticate(associatedData)
    try cipher.update(plaintext, into: output.extracting(..<split))
    try cipher.finishSeal(tag: output.extracting(split...))
  }

  /// Opens into `output`, which holds exactly the content's length; on failure its bytes are zeroised.
  func open(
    _ sealed: Span<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, associatedData: Span<UInt8>,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) throws(SealingError) {
    let cipher = try CipherContext(self, .open, key: key, nonce: nonce)
    let split = sealed.count - Self.tagLength
    try cipher.authenticate(associatedData)
    do {
      try cipher.update(sealed.extracting(..<split), into: output)
      try cipher.finishOpen(tag: sealed.extracting(split...))
    } catch {
      // The bytes decrypted so far come from an attacker, or from the true content with a forged tail.
      OPENSSL_cleanse(output.baseAddress, output.count)
      throw error
    }
  }
}
