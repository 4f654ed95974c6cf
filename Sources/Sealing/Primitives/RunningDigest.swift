internal import COpenSSL

/// A hash of bytes that come bit by bit, by OpenSSL.
public struct RunningDigest: ~Copyable {
  private let context: OpaquePointer
  private let digest: Digest

  /// Begins a hash.
  ///
  /// - Throws: `library`.
  public init(_ digest: Digest) throws(SealingError) {
    self.digest = digest
    let algorithm =
      switch digest {
      case .sha1: Algorithms.shared.sha1
      case .sha256: Algorithms.shared.sha256
      case .sha512: Algorithms.shared.sha512
      }
    guard let context = EVP_MD_CTX_new() else { throw libraryFailure("make a digest context") }
    guard algorithm != nil, EVP_DigestInit_ex2(context, algorithm, nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw libraryFailure("begin \(digest)")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes more bytes.
  ///
  /// - Throws: `library`; the hash is of no use then.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) throws(SealingError) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      throw libraryFailure("go on with \(digest)")
    }
  }

  /// Takes more bytes.
  ///
  /// - Throws: `library`; the hash is of no use then.
  public mutating func update(_ bytes: [UInt8]) throws(SealingError) {
    guard EVP_DigestUpdate(context, bytes, bytes.count) == 1 else { throw libraryFailure("go on with \(digest)") }
  }

  /// The hash of all bytes.
  ///
  /// - Throws: `library`.
  public consuming func finish() throws(SealingError) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: digest.length)
    var written: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &hash, &written) == 1, Int(written) == digest.length else {
      throw libraryFailure("end \(digest)")
    }
    return hash
  }
}
