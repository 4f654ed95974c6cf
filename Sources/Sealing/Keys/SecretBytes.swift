internal import COpenSSL

/// Secret octets in memory of their own, overwritten with zeros when the last owner lets go of them.
///
/// Never printed: descriptions and mirrors show only the length. The zeroing is best effort: it covers this memory, not
/// copies that the kernel (swap, core dumps) or the source array may hold.
///
/// Unchecked because it holds a pointer. It is safe: the memory is written only inside the initialisers, before any other
/// thread can hold a reference, and freed only in `deinit`, when none does.
public final class SecretBytes: @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<UInt8>

  /// Makes `count` octets and lets `body` fill them; they are zeros before, and zeroised again when `body` throws.
  init<E: Error>(count: Int, filling body: (UnsafeMutableBufferPointer<UInt8>) throws(E) -> Void) throws(E) {
    // One octet at least, so that the empty secret has an address: OpenSSL reads a null key as "keep the former key".
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(count, 1))
    memory.initialize(repeating: 0)
    storage = UnsafeMutableBufferPointer(start: memory.baseAddress, count: count)
    try body(storage)
  }

  /// Copies `bytes`; the source stays as it is.
  public convenience init(copying bytes: [UInt8]) {
    self.init(count: bytes.count) { storage in
      _ = storage.update(fromContentsOf: bytes)
    }
  }

  /// Moves `bytes` here: the source is overwritten with zeros and emptied.
  ///
  /// Other copies of the array that share its storage keep theirs.
  public convenience init(moving bytes: inout [UInt8]) {
    self.init(copying: bytes)
    OPENSSL_cleanse(&bytes, bytes.count)
    bytes.removeAll()
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    storage.deallocate()
  }

  /// How many octets.
  public var count: Int { storage.count }

  /// Lends the octets to `body`; what leaves it is the caller's to protect.
  public func withBytes<Result, E: Error>(_ body: (Span<UInt8>) throws(E) -> Result) throws(E) -> Result {
    try body(UnsafeBufferPointer(storage).span)
  }

  /// Draws `count` octets from the system's generator, by way of OpenSSL's generator for private values.
  ///
  /// - Throws: `SealingError.library` when the generator has no entropy.
  public static func random(count: Int = 32) throws(SealingError) -> SecretBytes {
    try SecretBytes(count: count) { (storage: UnsafeMutableBufferPointer<UInt8>) throws(SealingError) in
      guard let count = Int32(exactly: count), RAND_priv_bytes(storage.baseAddress, count) == 1 else {
        throw libraryFailure("draw a random key")
      }
    }
  }
}

extension SecretBytes: Equatable {
  /// Compares in a time that depends on the lengths alone.
  public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left.storage.baseAddress, right.storage.baseAddress, left.count) == 0
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The length, and nothing of the content.
  public var description: String { "SecretBytes(\(count) bytes, redacted)" }

  /// The length, and nothing of the content.
  public var debugDescription: String { description }

  /// Empty, so that `dump` has nothing to show.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
