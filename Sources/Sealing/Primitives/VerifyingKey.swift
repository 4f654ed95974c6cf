internal import COpenSSL

/// An Ed25519 public key (RFC 8032).
///
/// Unchecked because it holds a pointer. It is safe: the key is never changed after it is made, and each call uses a
/// context of its own.
public final class VerifyingKey: @unchecked Sendable {
  /// Bytes of a public key.
  public static let length = 32

  /// The 32 bytes that the key is published as.
  public let bytes: [UInt8]
  private let key: OpaquePointer

  /// Reads the 32 published bytes.
  ///
  /// Whether they name a point of the curve shows in verification: with bytes that do not, every signature is invalid.
  /// - Throws: `wrongLength`, `library`.
  public init(bytes: [UInt8]) throws(SealingError) {
    guard bytes.count == Self.length else {
      throw .wrongLength(argument: "public key", expected: "\(Self.length)", actual: bytes.count)
    }
    guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
      throw libraryFailure("read an Ed25519 public key")
    }
    self.bytes = bytes
    self.key = key
  }

  deinit {
    EVP_PKEY_free(key)
  }

  /// Whether `signature` was made by the private key over exactly `message`.
  ///
  /// Everything else is `false`: a signature of another length, another message, and a failure inside OpenSSL.
  public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == SigningKey.signatureLength, let context = EVP_MD_CTX_new() else { return false }
    defer {
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}

extension VerifyingKey: Equatable {
  /// Two keys are equal when their published bytes are.
  public static func == (left: VerifyingKey, right: VerifyingKey) -> Bool { left.bytes == right.bytes }
}
