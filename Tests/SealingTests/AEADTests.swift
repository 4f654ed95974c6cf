import Sealing
import TestSupport
import Testing

struct AEADVector: Sendable, CustomTestStringConvertible {
  let name: String
  let algorithm: AEAD
  let key: String
  let nonce: String
  var plaintext = ""
  var associatedData = ""
  let sealed: String

  var testDescription: String { name }
}

private let gcmKey = "feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308"
private let gcmText = """
  d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
  1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
  """
private let gcmCipher = """
  522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
  8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
  """

/// "The Galois/Counter Mode of Operation", cases 13 to 16, and RFC 8439 section 2.8.2.
let aeadVectors = [
  AEADVector(
    name: "GCM case 13", algorithm: .aes256GCM, key: String(repeating: "00", count: 32),
    nonce: String(repeating: "00", count: 12), sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
  AEADVector(
    name: "GCM case 14", algorithm: .aes256GCM, key: String(repeating: "00", count: 32),
    nonce: String(repeating: "00", count: 12), plaintext: String(repeating: "00", count: 16),
    sealed: "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"),
  AEADVector(
    name: "GCM case 15", algorithm: .aes256GCM, key: gcmKey, nonce: "cafebabefacedbaddecaf888",
    plaintext: gcmText + "1aafd255", sealed: gcmCipher + "898015ad b094dac5d93471bdec1a502270e3cc6c"),
  AEADVector(
    name: "GCM case 16", algorithm: .aes256GCM, key: gcmKey, nonce: "cafebabefacedbaddecaf888", plaintext: gcmText,
    associatedData: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    sealed: gcmCipher + "76fc6ece0f4e1768cddf8853bb2d551b"),
  AEADVector(
    name: "RFC 8439 2.8.2", algorithm: .chaCha20Poly1305,
    key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
    nonce: "070000004041424344454647",
    plaintext: """
      4c616469657320616e642047656e746c656d656e206f662074686520636c6173
      73206f66202739393a204966204920636f756c64206f6666657220796f75206f
      6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73
      637265656e20776f756c642062652069742e
      """,
    associatedData: "50515253c0c1c2c3c4c5c6c7",
    sealed: """
      d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
      3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
      92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
      3ff4def08e4b7a9de576d26586cec64b6116 1ae10b594f09e26a7e902ecbd0600691
      """),
]

@Suite struct AEADTests {
  @Test("the published vectors seal and open", arguments: aeadVectors)
  func vectors(vector: AEADVector) throws {
    let key = secret(vector.key)
    let data = hex(vector.associatedData)
    let sealed = try vector.algorithm.seal(
      hex(vector.plaintext), key: key, nonce: hex(vector.nonce), associatedData: data)
    #expect(Hex.string(sealed) == Hex.string(hex(vector.sealed)))
    let opened = try vector.algorithm.open(sealed, key: key, nonce: hex(vector.nonce), associatedData: data)
    #expect(opened == hex(vector.plaintext))
  }

  @Test("each altered bit of the sealed bytes, key, nonce and associated data is refused", arguments: aeadVectors)
  func tamper(vector: AEADVector) throws {
    let key = hex(vector.key)
    let sealed = hex(vector.sealed)
    let nonce = hex(vector.nonce)
    let data = hex(vector.associatedData)
    func refuses(
      _ what: String, sealed: [UInt8]? = nil, key otherKey: [UInt8]? = nil, nonce otherNonce: [UInt8]? = nil,
      data otherData: [UInt8]? = nil, sealedBytes: [UInt8]
    ) {
      #expect(throws: SealingError.authenticationFailed, "\(what)") {
        try vector.algorithm.open(
          sealedBytes, key: SecretBytes(copying: otherKey ?? key), nonce: otherNonce ?? nonce,
          associatedData: otherData ?? data)
      }
    }
    for bit in 0..<sealed.count * 8 {
      refuses("bit \(bit) of the sealed bytes", sealedBytes: flipped(sealed, bit))
    }
    for bit in stride(from: 0, to: key.count * 8, by: 5) {
      refuses("bit \(bit) of the key", key: flipped(key, bit), sealedBytes: sealed)
    }
    for bit in 0..<nonce.count * 8 {
      refuses("bit \(bit) of the nonce", nonce: flipped(nonce, bit), sealedBytes: sealed)
    }
    for bit in 0..<data.count * 8 {
      refuses("bit \(bit) of the associated data", data: flipped(data, bit), sealedBytes: sealed)
    }
    refuses("more associated data", data: data + [0], sealedBytes: sealed)
    for count in 0..<sealed.count {
      refuses("cut to \(count) bytes", sealedBytes: Array(sealed.prefix(count)))
    }
    refuses("lengthened", sealedBytes: sealed + [0])
  }

  private func flipped(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
    var bytes = bytes
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return bytes
  }

  @Test("what one algorithm sealed the other does not open")
  func algorithmsDiffer() throws {
    let key = try SecretBytes.random()
    let nonce = [UInt8](repeating: 7, count: 12)
    let sealed = try AEAD.aes256GCM.seal([1, 2, 3], key: key, nonce: nonce)
    #expect(throws: SealingError.authenticationFailed) {
      try AEAD.chaCha20Poly1305.open(sealed, key: key, nonce: nonce)
    }
  }

  @Test("a key or nonce of another length is refused with its length", arguments: AEAD.allCases)
  func lengths(algorithm: AEAD) throws {
    let key = try SecretBytes.random()
    for count in [0, 16, 31, 33] {
      #expect(throws: SealingError.wrongLength(argument: "key", expected: "32", actual: count)) {
        try algorithm.seal(
          [], key: SecretBytes(copying: .init(repeating: 1, count: count)), nonce: .init(repeating: 0, count: 12))
      }
    }
    for count in [0, 8, 11, 13, 16] {
      let nonce = [UInt8](repeating: 0, count: count)
      #expect(throws: SealingError.wrongLength(argument: "nonce", expected: "12", actual: count)) {
        try algorithm.seal([], key: key, nonce: nonce)
      }
      #expect(throws: SealingError.wrongLength(argument: "nonce", expected: "12", actual: count)) {
        try algorithm.open(.init(repeating: 0, count: 16), key: key, nonce: nonce)
      }
    }
  }

  @Test("contents of every length around the block sizes come back", arguments: AEAD.allCases)
  func roundTrips(algorithm: AEAD) throws {
    var random = SeededGenerator(seed: 11)
    let key = SecretBytes(copying: random.bytes(32))
    for count in Array(0...130) + [4096, 65_537, 1 << 20] {
      let plaintext = random.bytes(count)
      let nonce = random.bytes(12)
      let data = random.bytes(count % 40)
      let sealed = try algorithm.seal(plaintext, key: key, nonce: nonce, associatedData: data)
      #expect(sealed.count == count + AEAD.tagLength)
      #expect(
        try algorithm.open(sealed, key: key, nonce: nonce, associatedData: data) == plaintext,
        "length \(count), \(random)")
    }
  }

  @Test("threads seal and open with one key at the same time")
  func concurrency() async throws {
    let key = try SecretBytes.random()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in UInt8(0)..<8 {
        group.addTask {
          for round in UInt8(0)..<100 {
            let nonce = [UInt8](repeating: 0, count: 10) + [worker, round]
            let plaintext = [UInt8](repeating: worker, count: Int(round))
            for algorithm in AEAD.allCases {
              let sealed = try algorithm.seal(plaintext, key: key, nonce: nonce)
              #expect(try algorithm.open(sealed, key: key, nonce: nonce) == plaintext)
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
