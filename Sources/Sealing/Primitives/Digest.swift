internal import COpenSSL

/// Hash functions of FIPS 180-4, by OpenSSL.
public enum Digest: Sendable, CaseIterable {
  /// 20 bytes; for names that a protocol fixes (Redis script ids), never for security.
  case sha1
  /// 32 bytes.
  case sha256
  /// 64 bytes.
  case sha512

  /// Bytes of a hash.
  public var length: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }

  /// The hash of `message`.
  ///
  /// - Throws: `library`, for example SHA-1 where the system's policy forbids it.
  /// - Complexity: O(length of the message).
  public func hash(_ message: [UInt8]) throws(SealingError) -> [UInt8] {
    let algorithm =
      switch self {
      case .sha1: Algorithms.shared.sha1
      case .sha256: Algorithms.shared.sha256
      case .sha512: Algorithms.shared.sha512
      }
    var hash = [UInt8](repeating: 0, count: length)
    var written: UInt32 = 0
    guard algorithm != nil, EVP_Digest(message, message.count, &hash, &written, algorithm, nil) == 1,
      Int(written) == length
    else { throw libraryFailure("compute \(self)") }
    return hash
  }
}
