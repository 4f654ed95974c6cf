internal import COpenSSL

/// One run of an AEAD cipher over OpenSSL's EVP, freed (and so zeroised by OpenSSL) with its owner.
struct CipherContext: ~Copyable {
  enum Direction: Int32 {
    case open = 0
    case seal = 1
  }

  private let context: OpaquePointer

  init(_ algorithm: AEAD, _ direction: Direction, key: Span<UInt8>, nonce: Span<UInt8>) throws(SealingError) {
    guard key.count == AEAD.keyLength else {
      throw .wrongLength(argument: "key", expected: "\(AEAD.keyLength)", actual: key.count)
    }
    guard nonce.count == AEAD.nonceLength else {
      throw .wrongLength(argument: "nonce", expected: "\(AEAD.nonceLength)", actual: nonce.count)
    }
    let cipher =
      switch algorithm {
      case .aes256GCM: Algorithms.shared.aes256GCM
      case .chaCha20Poly1305: Algorithms.shared.chaCha20Poly1305
      }
    guard let context = EVP_CIPHER_CTX_new() else { throw libraryFailure("make a cipher context") }
    // Both ciphers take 96-bit nonces unless told otherwise.
    let status = key.withUnsafeBufferPointer { key in
      nonce.withUnsafeBufferPointer { nonce in
        EVP_CipherInit_ex2(context, cipher, key.baseAddress, nonce.baseAddress, direction.rawValue, nil)
      }
    }
    guard cipher != nil, status == 1 else {
      EVP_CIPHER_CTX_free(context)
      throw libraryFailure("set up \(algorithm)")
    }
    self.context = context
  }

  deinit {
    EVP_CIPHER_CTX_free(context)
  }

  func authenticate(_ data: Span<UInt8>) throws(SealingError) {
    try run(data, argument: "associated data", into: nil)
  }

  func update(_ data: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) throws(SealingError) {
    precondition(output.count == data.count, "the output must be as long as the input")
    try run(data, argument: "content", into: output.baseAddress)
  }

  private func run(
    _ data: Span<UInt8>, argument: String, into output: UnsafeMutablePointer<UInt8>?
  ) throws(SealingError) {
    guard data.count > 0 else { return }
    guard data.count <= AEAD.maximumLength else {
      throw .wrongLength(argument: argument, expected: "at most \(AEAD.maximumLength)", actual: data.count)
    }
    var written: Int32 = 0
    let status = data.withUnsafeBufferPointer { data in
      EVP_CipherUpdate(context, output, &written, data.baseAddress, Int32(truncatingIfNeeded: data.count))
    }
    guard status == 1 else { throw libraryFailure("run the cipher") }
  }

  func finishSeal(tag: UnsafeMutableBufferPointer<UInt8>) throws(SealingError) {
    guard finish(), control(EVP_CTRL_AEAD_GET_TAG, tag) else { throw libraryFailure("finish the seal") }
  }

  func finishOpen(tag: Span<UInt8>) throws(SealingError) {
    let accepted = tag.withUnsafeBufferPointer { tag in
      control(EVP_CTRL_AEAD_SET_TAG, UnsafeMutableBufferPointer(mutating: tag))
    }
    guard accepted else { throw libraryFailure("set the tag") }
    guard finish() else {
      ERR_clear_error()
      throw .authenticationFailed
    }
  }

  private func control(_ command: Int32, _ tag: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    EVP_CIPHER_CTX_ctrl(context, command, Int32(AEAD.tagLength), tag.baseAddress) == 1
  }

  private func finish() -> Bool {
    // Stream modes have no last block to write, but OpenSSL wants an address for it.
    var nothing: UInt64 = 0
    var written: Int32 = 0
    return withUnsafeMutableBytes(of: &nothing) { nothing in
      EVP_CipherFinal_ex(context, nothing.baseAddress?.assumingMemoryBound(to: UInt8.self), &written) == 1
    }
  }
}
