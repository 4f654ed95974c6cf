/// Checks the text of a shared secret that signs tokens: any length from 32 bytes, used as it is.
public enum SigningSecret {
  /// The fewest bytes: as many as HMAC-SHA-256 puts out (RFC 7518 section 3.2).
  public static let leastLength = 32

  /// The key that is `bytes`.
  ///
  /// - Throws: `KeyTextError` for one that is too short, an example that nobody replaced, or guessable.
  public static func key(_ bytes: [UInt8]) throws(KeyTextError) -> SecretBytes {
    let secret = SecretBytes(copying: bytes)
    try secret.withBytes { (bytes) throws(KeyTextError) in
      guard bytes.count > 0 else { throw .empty }
      guard !Placeholder.occurs(in: bytes) else { throw .placeholder }
      guard bytes.count >= leastLength else { throw .tooShort(characters: bytes.count) }
      if let reason = KeyPattern.first(in: bytes) { throw .predictable(reason: reason) }
    }
    return secret
  }
}
