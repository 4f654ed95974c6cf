internal import COpenSSL

/// An Ed25519 private key (RFC 8032), held by OpenSSL, which zeroises it when it is freed.
///
/// Unchecked because it holds a pointer. It is safe: the key is never changed after it is made, and OpenSSL allows any
/// number of threads to sign with one key through contexts of their own, as each call here does.
public final class SigningKey: @unchecked Sendable {
  /// Bytes of a seed.
  public static let seedLength = 32
  /// Bytes of a signature.
  public static let signatureLength = 64

  private let key: OpaquePointer
  /// The key that verifies what this one signs.
  public let verifyingKey: VerifyingKey

  /// The key of a 32-byte seed.
  ///
  /// - Throws: `wrongLength`, `library`.
  public init(seed: SecretBytes) throws(SealingError) {
    guard seed.count == Self.seedLength else {
      throw .wrongLength(argument: "seed", expected: "\(Self.seedLength)", actual: seed.count)
    }
    let key = seed.withBytes { seed in
      seed.withUnsafeBufferPointer { seed in
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.baseAddress, seed.count)
      }
    }
    guard let key else { throw libraryFailure("read an Ed25519 seed") }
    var publicBytes = [UInt8](repeating: 0, count: VerifyingKey.length)
    var count = publicBytes.count
    guard EVP_PKEY_get_raw_public_key(key, &publicBytes, &count) == 1, count == publicBytes.count else {
      EVP_PKEY_free(key)
      throw libraryFailure("find the Ed25519 public key")
    }
    do {
      verifyingKey = try VerifyingKey(bytes: publicBytes)
    } catch {
      EVP_PKEY_free(key)
      throw error
    }
    self.key = key
  }

  /// A fresh key from the system's randomness.
  ///
  /// - Throws: `library`.
  public static func generate() throws(SealingError) -> SigningKey {
    try SigningKey(seed: .random(count: seedLength))
  }

  deinit {
    EVP_PKEY_free(key)
  }

  /// The 64-byte signature of `message`; the same message always gives the same one.
  ///
  /// - Throws: `library`.
  public func sign(_ message: [UInt8]) throws(SealingError) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw libraryFailure("make a signature context") }
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: Self.signatureLength)
    var count = signature.count
    guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == signature.count
    else { throw libraryFailure("sign") }
    return signature
  }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
  /// The public half alone.
  public var description: String { "SigningKey(public \(Hex.string(verifyingKey.bytes)))" }

  /// Empty, so that `dump` has nothing to show.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
