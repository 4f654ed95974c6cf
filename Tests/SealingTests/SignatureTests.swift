import Sealing
import Testing

@Suite struct SignatureTests {
  /// RFC 8032 section 7.1, tests 1 to 3: seed, public key, message, signature.
  static let vectors: [(String, String, String, String)] = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      """
      e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
      5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
      """
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      """
      92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
      085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
      """
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      """
      6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
      18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
      """
    ),
  ]

  @Test("the vectors of RFC 8032 sign and verify", arguments: vectors)
  func rfc8032(seed: String, publicKey: String, message: String, signature: String) throws {
    let key = try SigningKey(seed: secret(seed))
    #expect(Hex.string(key.verifyingKey.bytes) == publicKey)
    #expect(Hex.string(try key.sign(hex(message))) == signature)
    let verifying = try VerifyingKey(bytes: hex(publicKey))
    #expect(verifying == key.verifyingKey)
    #expect(verifying.isValid(hex(signature), of: hex(message)))
  }

  @Test("each altered byte of signature, message and key is refused")
  func tamper() throws {
    let key = try SigningKey.generate()
    let message = Array("entry 7".utf8)
    let signature = try key.sign(message)
    #expect(key.verifyingKey.isValid(signature, of: message))
    for index in signature.indices {
      var other = signature
      other[index] ^= 0x40
      #expect(!key.verifyingKey.isValid(other, of: message), "byte \(index) of the signature")
    }
    for index in message.indices {
      var other = message
      other[index] ^= 1
      #expect(!key.verifyingKey.isValid(signature, of: other), "byte \(index) of the message")
    }
    for index in key.verifyingKey.bytes.indices {
      var other = key.verifyingKey.bytes
      other[index] ^= 2
      #expect(try !VerifyingKey(bytes: other).isValid(signature, of: message), "byte \(index) of the key")
    }
    for count in [0, 1, 63, 65, 128] {
      let other = Array((signature + signature).prefix(count))
      #expect(!key.verifyingKey.isValid(other, of: message), "\(count) bytes")
    }
  }

  @Test("a signature with the group order added to its scalar is refused")
  func malleability() throws {
    // RFC 8032 section 5.1.7: the scalar must lie below the order, or each signature would have a twin.
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    let key = try SigningKey(seed: secret(Self.vectors[1].0))
    var signature = try key.sign([1])
    var carry = 0
    for index in 0..<32 {
      let sum = Int(signature[32 + index]) + Int(order[index]) + carry
      signature[32 + index] = UInt8(sum & 255)
      carry = sum >> 8
    }
    #expect(!key.verifyingKey.isValid(signature, of: [1]))
  }

  @Test("generated keys differ, and describe themselves by the public half alone")
  func generation() throws {
    let seed = try SecretBytes.random()
    let key = try SigningKey(seed: seed)
    #expect(try SigningKey.generate().verifyingKey != SigningKey.generate().verifyingKey)
    #expect(String(describing: key).contains(Hex.string(key.verifyingKey.bytes)))
    #expect(!String(reflecting: key).contains(Hex.string(seed.revealed)))
    #expect(Array(Mirror(reflecting: key).children).isEmpty)
  }

  @Test("seeds and public keys of another length are refused")
  func lengths() throws {
    for count in [0, 31, 33, 64] {
      let bytes = [UInt8](repeating: 3, count: count)
      #expect(throws: SealingError.wrongLength(argument: "seed", expected: "32", actual: count)) {
        try SigningKey(seed: SecretBytes(copying: bytes))
      }
      #expect(throws: SealingError.wrongLength(argument: "public key", expected: "32", actual: count)) {
        try VerifyingKey(bytes: bytes)
      }
    }
  }

  @Test("a public key that is no point of the curve verifies nothing")
  func noPoint() throws {
    let signature = try SigningKey.generate().sign([1])
    for byte in [UInt8(0), 2, 0xFF] {
      #expect(try !VerifyingKey(bytes: .init(repeating: byte, count: 32)).isValid(signature, of: [1]))
    }
  }
}
