internal import COpenSSL

/// Keys derived from keys by HKDF with SHA-256 (RFC 5869), by OpenSSL's EVP_KDF.
public enum HKDF {
  /// The most bytes one derivation gives, 255 blocks of 32 bytes.
  public static let maximumLength = 255 * 32
  /// The most bytes of `info`: OpenSSL 3.0 keeps it in a buffer of a fixed size.
  public static let maximumInfoLength = 1024

  /// Extracts from `key` and `salt`, expands to `length` bytes bound to `info`.
  ///
  /// - Parameters:
  ///   - key: the input keying material; not empty.
  ///   - salt: not secret; empty means 32 zeros, as the RFC says.
  ///   - info: what the derived key is for, with a version.
  /// - Throws: `wrongLength`, `library`.
  public static func derive(
    from key: SecretBytes, salt: [UInt8] = [], info: [UInt8], length: Int = 32
  ) throws(SealingError) -> SecretBytes {
    try derive(from: key, salt: salt.span, info: info.span, length: length)
  }

  static func derive(
    from key: SecretBytes, salt: Span<UInt8>, info: Span<UInt8>, length: Int
  ) throws(SealingError) -> SecretBytes {
    guard key.count > 0 else { throw .wrongLength(argument: "key", expected: "at least 1", actual: 0) }
    guard (1...maximumLength).contains(length) else {
      throw .wrongLength(argument: "derived key", expected: "1 to \(maximumLength)", actual: length)
    }
    guard info.count <= maximumInfoLength else {
      throw .wrongLength(argument: "info", expected: "at most \(maximumInfoLength)", actual: info.count)
    }
    guard let context = EVP_KDF_CTX_new(Algorithms.shared.hkdf) else { throw libraryFailure("make an HKDF context") }
    defer { EVP_KDF_CTX_free(context) }
    return try SecretBytes(count: length) { (output) throws(SealingError) in
      let status = key.withBytes { key in
        key.withUnsafeBufferPointer { key in
          salt.withUnsafeBufferPointer { salt in
            info.withUnsafeBufferPointer { info in
              let parameters = Parameters(key: key, salt: salt, info: info)
              return EVP_KDF_derive(context, output.baseAddress, output.count, parameters.list)
            }
          }
        }
      }
      guard status == 1 else { throw libraryFailure("derive a key") }
    }
  }

  /// OpenSSL's parameter list; it points into the buffers, so it must not outlive them.
  private struct Parameters {
    var list: [OSSL_PARAM]

    init(key: UnsafeBufferPointer<UInt8>, salt: UnsafeBufferPointer<UInt8>, info: UnsafeBufferPointer<UInt8>) {
      list = [ParameterName.sha256, ParameterName.key.octets(key)]
      if !salt.isEmpty { list.append(ParameterName.salt.octets(salt)) }
      if !info.isEmpty { list.append(ParameterName.info.octets(info)) }
      list.append(OSSL_PARAM_construct_end())
    }
  }
}
