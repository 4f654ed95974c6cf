internal import Sealing

/// One sealed field of a record: version (1), nonce (12), ciphertext, tag (16). AES-256-GCM.
///
/// A data key seals two fields once, so random nonces are far from their limit.
enum SealedField {
  private static let version: UInt8 = 1
  private static let headerLength = 1 + AEAD.nonceLength

  static func seal(
    _ plaintext: [UInt8], key: SecretBytes, _ binding: AssociatedData
  ) throws(MemoryError) -> [UInt8] {
    do throws(SealingError) {
      let nonce = try SecureRandom.bytes(AEAD.nonceLength)
      return [version] + nonce
        + (try AEAD.aes256GCM.seal(plaintext, key: key, nonce: nonce, associatedData: binding.bytes))
    } catch {
      throw .sealing(code: error.code)
    }
  }

  static func open(
    _ sealed: [UInt8], key: SecretBytes, _ binding: AssociatedData, part: String
  ) throws(MemoryError) -> [UInt8] {
    guard sealed.count >= headerLength + AEAD.tagLength, sealed[0] == version else { throw .unreadable(part: part) }
    do throws(SealingError) {
      return try AEAD.aes256GCM.open(
        Array(sealed[headerLength...]), key: key, nonce: Array(sealed[1..<headerLength]),
        associatedData: binding.bytes)
    } catch {
      throw .opening(part, error)
    }
  }
}
