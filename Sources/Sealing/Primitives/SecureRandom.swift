internal import COpenSSL

/// Unpredictable bytes and numbers from OpenSSL's generator, which the kernel seeds.
public enum SecureRandom {
  /// `count` bytes, for nonces, salts and ids; keys come from `SecretBytes.random`.
  ///
  /// - Throws: `library` when there is no entropy, or `count` is not in 0...2^31-1.
  public static func bytes(_ count: Int) throws(SealingError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SealingError) in try fill(buffer) }
    return bytes
  }

  /// A number below `bound`, each equally likely; 0 for a bound of 0 or 1.
  ///
  /// Draws outside the largest multiple of `bound` are thrown away, so the remainder has no bias; fewer than two draws
  /// are expected.
  /// - Throws: `library` when there is no entropy.
  public static func uniform(below bound: UInt64) throws(SealingError) -> UInt64 {
    guard bound > 1 else { return 0 }
    // 2^64 mod bound: below this, the lowest residues would come up once more often than the others.
    let rejected = (0 &- bound) % bound
    while true {
      let draw = try word()
      if draw >= rejected { return draw % bound }
    }
  }

  private static func word() throws(SealingError) -> UInt64 {
    var word: UInt64 = 0
    let status = withUnsafeMutableBytes(of: &word) { bytes in
      RAND_bytes(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count))
    }
    guard status == 1 else { throw libraryFailure("draw random bytes") }
    return word
  }

  static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) throws(SealingError) {
    guard !buffer.isEmpty else { return }
    guard let count = Int32(exactly: buffer.count), RAND_bytes(buffer.baseAddress, count) == 1 else {
      throw libraryFailure("draw random bytes")
    }
  }
}
