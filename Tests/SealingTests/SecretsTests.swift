import Sealing
import Testing

@Suite struct SecretBytesTests {
  @Test("no description, dump or interpolation shows the content")
  func redaction() {
    let secret = SecretBytes(copying: Array("canary-canary-canary".utf8))
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
      #expect(!text.contains("canary"), "\(text)")
      #expect(!text.contains("99, 97, 110"), "\(text)")
    }
    #expect(secret.description == "SecretBytes(20 bytes, redacted)")
  }

  @Test("moving empties the source and overwrites it")
  func moving() {
    var source: [UInt8] = [1, 2, 3]
    let secret = SecretBytes(moving: &source)
    #expect(source.isEmpty)
    #expect(secret.revealed == [1, 2, 3])
  }

  @Test("equality is by content")
  func equality() throws {
    #expect(secret("0102") == secret("0102"))
    #expect(secret("0102") != secret("0103"))
    #expect(secret("0102") != secret("010203"))
    #expect(SecretBytes(copying: []) == SecretBytes(copying: []))
    #expect(try SecretBytes.random() != SecretBytes.random())
    #expect(try SecretBytes.random(count: 0).count == 0)
    #expect(try SecretBytes.random(count: 65).count == 65)
  }
}

@Suite struct SecureRandomTests {
  @Test("bytes come in the wanted number and not twice alike")
  func bytes() throws {
    for count in [0, 1, 12, 32, 100_000] { #expect(try SecureRandom.bytes(count).count == count) }
    #expect(try SecureRandom.bytes(16) != SecureRandom.bytes(16))
    #expect(try SecureRandom.bytes(-1).isEmpty)
  }

  @Test("numbers stay below every bound")
  func bounds() throws {
    for bound in [0, 1] as [UInt64] { #expect(try SecureRandom.uniform(below: bound) == 0) }
    for bound in [2, 3, 5, 1 << 32, (1 << 63) + 1, .max] as [UInt64] {
      for _ in 0..<500 { #expect(try SecureRandom.uniform(below: bound) < bound) }
    }
  }

  @Test("each number below a small bound comes up about as often as the others")
  func uniformity() throws {
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[Int(try SecureRandom.uniform(below: 6))] += 1 }
    // Seven standard deviations around 10,000: a fair source leaves them once in 10^11 runs.
    for count in counts { #expect((9_360...10_640).contains(count), "\(counts)") }
  }
}

@Suite struct ConstantTimeTests {
  @Test("equal means the same length and the same bytes")
  func equality() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 3]))
    #expect(!constantTimeEqual([0, 2], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 2, 0]))
    #expect(!constantTimeEqual([], [0]))
  }
}
