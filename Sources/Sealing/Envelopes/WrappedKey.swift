/// A 32-byte data key, sealed under a key-encryption key: version (1), nonce (12), ciphertext (32), tag (16).
///
/// AES-256-GCM with a random nonce: one key-encryption key wraps at most 2^32 data keys, far above a user's records.
public struct WrappedKey: Sendable, Equatable {
  /// Bytes of the stored form.
  public static let length = 61
  private static let version: UInt8 = 1
  private static let bodyStart = 1 + AEAD.nonceLength

  /// The stored form.
  public let bytes: [UInt8]

  /// Takes a stored form back.
  ///
  /// - Throws: `malformed` for another length or version; whether the bytes are genuine shows in `open`.
  public init(bytes: [UInt8]) throws(SealingError) {
    guard bytes.count == Self.length else {
      throw .malformed(form: "wrapped key", reason: "\(bytes.count) bytes, expected \(Self.length)")
    }
    guard bytes[0] == Self.version else {
      throw .malformed(form: "wrapped key", reason: "version \(bytes[0]), expected \(Self.version)")
    }
    self.bytes = bytes
  }

  private init(checked bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Seals `dataKey` under `keyEncryptionKey`, both of 32 bytes, bound to `associatedData`.
  ///
  /// - Throws: `wrongLength`, `library`.
  public static func seal(
    _ dataKey: SecretBytes, under keyEncryptionKey: SecretBytes, associatedData: AssociatedData
  ) throws(SealingError) -> WrappedKey {
    guard dataKey.count == AEAD.keyLength else {
      throw .wrongLength(argument: "data key", expected: "\(AEAD.keyLength)", actual: dataKey.count)
    }
    var bytes = [UInt8](repeating: 0, count: length)
    bytes[0] = version
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SealingError) in
      let nonce = UnsafeMutableBufferPointer(rebasing: buffer[1..<bodyStart])
      let output = UnsafeMutableBufferPointer(rebasing: buffer[bodyStart...])
      try SecureRandom.fill(nonce)
      try dataKey.withBytes { (dataKey) throws(SealingError) in
        try keyEncryptionKey.withBytes { (key) throws(SealingError) in
          try AEAD.aes256GCM.seal(
            dataKey, key: key, nonce: UnsafeBufferPointer(nonce).span, associatedData: associatedData.bytes.span,
            into: output)
        }
      }
    }
    return WrappedKey(checked: bytes)
  }

  /// The data key, when `keyEncryptionKey` and `associatedData` are those of the seal.
  ///
  /// - Throws: `authenticationFailed`, `wrongLength`, `library`.
  public func open(
    under keyEncryptionKey: SecretBytes, associatedData: AssociatedData
  ) throws(SealingError) -> SecretBytes {
    try SecretBytes(count: AEAD.keyLength) { (output) throws(SealingError) in
      try keyEncryptionKey.withBytes { (key) throws(SealingError) in
        try AEAD.aes256GCM.open(
          bytes.span.extracting(Self.bodyStart...), key: key, nonce: bytes.span.extracting(1..<Self.bodyStart),
          associatedData: associatedData.bytes.span, into: output)
      }
    }
  }
}
