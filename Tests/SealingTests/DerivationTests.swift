import Sealing
import Testing

@Suite struct HKDFTests {
  /// RFC 5869 appendix A, cases 1 to 3: key, salt, info, output.
  static let vectors: [(String, String, String, String)] = [
    (
      String(repeating: "0b", count: 22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    ),
    (
      Hex.string(Array(0x00...0x4f)), Hex.string(Array(0x60...0xaf)), Hex.string(Array(0xb0...0xff)),
      """
      b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
      da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
      """
    ),
    (
      String(repeating: "0b", count: 22), "", "",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    ),
  ]

  @Test("the vectors of RFC 5869 derive", arguments: vectors)
  func rfc5869(key: String, salt: String, info: String, output: String) throws {
    let expected = hex(output)
    let derived = try HKDF.derive(from: secret(key), salt: hex(salt), info: hex(info), length: expected.count)
    #expect(derived.revealed == expected)
  }

  @Test("a shorter output is the beginning of a longer one, up to the limit")
  func lengths() throws {
    let key = secret("0102")
    let longest = try HKDF.derive(from: key, info: [1], length: HKDF.maximumLength).revealed
    #expect(longest.count == 8160)
    for length in [1, 31, 32, 33, 64, 8159] {
      #expect(try HKDF.derive(from: key, info: [1], length: length).revealed == Array(longest.prefix(length)))
    }
  }

  @Test("key, salt and info each change the output")
  func inputsMatter() throws {
    let base = try HKDF.derive(from: secret("01"), salt: [2], info: [3])
    #expect(try HKDF.derive(from: secret("02"), salt: [2], info: [3]) != base)
    #expect(try HKDF.derive(from: secret("01"), salt: [3], info: [3]) != base)
    #expect(try HKDF.derive(from: secret("01"), salt: [2], info: [4]) != base)
    #expect(try HKDF.derive(from: secret("01"), salt: [2], info: [3]) == base)
  }

  @Test("lengths that the primitive does not take are refused")
  func refusals() throws {
    let key = secret("01")
    for length in [-1, 0, HKDF.maximumLength + 1, .max] {
      #expect(throws: SealingError.wrongLength(argument: "derived key", expected: "1 to 8160", actual: length)) {
        try HKDF.derive(from: key, info: [], length: length)
      }
    }
    #expect(throws: SealingError.wrongLength(argument: "info", expected: "at most 1024", actual: 1025)) {
      try HKDF.derive(from: key, info: .init(repeating: 0, count: 1025))
    }
    #expect(throws: SealingError.wrongLength(argument: "key", expected: "at least 1", actual: 0)) {
      try HKDF.derive(from: SecretBytes(copying: []), info: [])
    }
    #expect(try HKDF.derive(from: key, info: .init(repeating: 0, count: 1024)).count == 32)
  }
}

@Suite struct HMACTests {
  /// RFC 4231 section 4, cases 1, 2, 3, 4, 6 and 7: key, message, code.
  static let vectors: [(String, String, String)] = [
    (
      String(repeating: "0b", count: 20), "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Hex.string(Array(0x01...0x19)), String(repeating: "cd", count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      String(repeating: "aa", count: 131),
      Hex.string(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      String(repeating: "aa", count: 131),
      Hex.string(
        Array(
          """
          This is a test using a larger than block-size key and a larger than block-size data. The key needs to be \
          hashed before being used by the HMAC algorithm.
          """.utf8)),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test("the vectors of RFC 4231 compute and verify", arguments: vectors)
  func rfc4231(key: String, message: String, code: String) throws {
    let computed = try HMAC.sha256(hex(message), key: secret(key))
    #expect(Hex.string(computed) == code)
    #expect(try HMAC.isValid(computed, of: hex(message), key: secret(key)))
    #expect(try !HMAC.isValid(Array(computed.dropLast()), of: hex(message), key: secret(key)))
    #expect(try !HMAC.isValid(computed, of: hex(message) + [0], key: secret(key)))
    #expect(try !HMAC.isValid(computed, of: hex(message), key: secret("00")))
    for index in computed.indices {
      var other = computed
      other[index] ^= 0x10
      #expect(try !HMAC.isValid(other, of: hex(message), key: secret(key)), "byte \(index)")
    }
  }

  @Test("an empty key and an empty message have a code")
  func empty() throws {
    #expect(
      Hex.string(try HMAC.sha256([], key: SecretBytes(copying: [])))
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }
}

@Suite struct DigestTests {
  static let vectors: [(Digest, String, String)] = [
    (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      .sha512, "",
      """
      cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
      47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e
      """
    ),
    (
      .sha512, "abc",
      """
      ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
      2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
      """
    ),
  ]

  @Test("the examples of FIPS 180-4 hash", arguments: vectors)
  func fips180(digest: Digest, message: String, hash: String) throws {
    #expect(Hex.string(try digest.hash(Array(message.utf8))) == hash)
    #expect(try digest.hash(Array(message.utf8)).count == digest.length)
  }

  @Test("a million letters a hash as NIST prints it")
  func million() throws {
    let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(
      Hex.string(try Digest.sha256.hash(message)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(Hex.string(try Digest.sha1.hash(message)) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
  }
}
