internal import COpenSSL

/// Keyed hashes: HMAC with SHA-256 (RFC 2104), by OpenSSL's EVP_MAC.
public enum HMAC {
  /// Bytes of a code.
  public static let length = 32

  /// The 32-byte code of `message` under `key`, which may have any length.
  ///
  /// - Throws: `library`.
  public static func sha256(_ message: [UInt8], key: SecretBytes) throws(SealingError) -> [UInt8] {
    guard let context = EVP_MAC_CTX_new(Algorithms.shared.hmac) else { throw libraryFailure("make an HMAC context") }
    defer { EVP_MAC_CTX_free(context) }
    let parameters = [ParameterName.sha256, OSSL_PARAM_construct_end()]
    var code = [UInt8](repeating: 0, count: length)
    var written = 0
    let status = key.withBytes { key in
      key.withUnsafeBufferPointer { key in
        EVP_MAC_init(context, key.baseAddress, key.count, parameters)
      }
    }
    guard status == 1, EVP_MAC_update(context, message, message.count) == 1,
      EVP_MAC_final(context, &code, &written, code.count) == 1, written == length
    else { throw libraryFailure("compute an HMAC") }
    return code
  }

  /// Whether `code` is the code of `message` under `key`, compared in constant time.
  ///
  /// - Throws: `library`.
  public static func isValid(_ code: [UInt8], of message: [UInt8], key: SecretBytes) throws(SealingError) -> Bool {
    try constantTimeEqual(code, sha256(message, key: key))
  }
}
