import TestSupport
import Testing

@testable import Proofs

@Suite struct FieldTextTests {
  @Test("0, 1 and the last number come and go in every form")
  func edges() throws {
    let last = String(primeOfFr.dropLast()) + "6"
    for text in [
      "0", "1", "9", "10", "18446744073709551615", "18446744073709551616", last, "9999999999999999999",
      "10000000000000000000",
    ] {
      let value = try Fr(decimal: text)
      #expect(value.decimal == text)
      #expect(try Fr(bigEndian: value.bigEndianBytes) == value)
      #expect(try Fr(littleEndian: value.littleEndianBytes) == value)
    }
    #expect(try Fr(decimal: "0") == .zero)
    #expect(try Fr(decimal: last) == -.one)
    #expect(Fr(258).bigEndianBytes == [UInt8](repeating: 0, count: 30) + [1, 2])
    #expect(Fr(258).littleEndianBytes == [2, 1] + [UInt8](repeating: 0, count: 30))
  }

  @Test(
    "the modulus and all above it are refused, not reduced",
    arguments: [
      primeOfFr, String(primeOfFr.dropLast()) + "8", primeOfFp,
      "115792089237316195423570985008687907853269984665640564039457584007913129639935",  // 2^256 - 1
      "115792089237316195423570985008687907853269984665640564039457584007913129639936",  // 2^256
      "115792089237316195423570985008687907853269984665640564039457584007913129639937",  // 2^256 + 1
      String(repeating: "9", count: 77), String(repeating: "9", count: 78),
    ])
  func notCanonical(text: String) {
    #expect(throws: ProofsError.notCanonical) { try Fr(decimal: text) }
  }

  @Test(
    "texts that are no plain decimal number are refused",
    arguments: [
      "", " ", "-1", "+1", "00", "01", "1 ", " 1", "1.0", "1e3", "0x1", "abc", "1\u{0}", "１", "12_3", "1\n",
      "1234567890123456789a", "/", ":", String(repeating: "1", count: 79), String(repeating: "0", count: 78),
      String(repeating: "1", count: 100_000),
    ])
  func malformed(text: String) {
    #expect(throws: ProofsError.malformedNumber) { try Fr(decimal: text) }
  }

  @Test("bytes of the modulus and above are refused")
  func bytes() throws {
    let last = (-Fr.one).bigEndianBytes
    var modulus = last
    modulus[31] += 1
    #expect(throws: ProofsError.notCanonical) { try Fr(bigEndian: modulus) }
    #expect(throws: ProofsError.notCanonical) { try Fr(littleEndian: modulus.reversed()) }
    #expect(throws: ProofsError.notCanonical) { try Fr(bigEndian: .init(repeating: 0xFF, count: 32)) }
    for index in 0..<32 {
      var above = last
      guard above[index] < 0xFF else { continue }
      above[index] += 1
      #expect(throws: ProofsError.notCanonical, "byte \(index)") { try Fr(bigEndian: above) }
    }
    for count in [0, 1, 31, 33, 64] {
      #expect(throws: ProofsError.wrongLength(expected: 32, actual: count)) {
        try Fr(bigEndian: .init(repeating: 0, count: count))
      }
    }
  }

  @Test("64 bytes are reduced as the sum of their halves")
  func reducing() throws {
    func reduced(_ high: [UInt8], _ low: [UInt8]) throws -> Fr { try Fr(reducing: high + low) }
    let zeros = [UInt8](repeating: 0, count: 32)
    let ones = [UInt8](repeating: 0xFF, count: 32)
    let twoTo256 = Fr(2).power(256)
    #expect(try reduced(zeros, zeros) == .zero)
    #expect(try reduced(zeros, Fr(77).bigEndianBytes) == 77)
    #expect(try reduced(Fr(77).bigEndianBytes, zeros) == 77 * twoTo256)
    #expect(try reduced(zeros, ones) == twoTo256 - .one)
    #expect(try reduced(ones, ones) == twoTo256 * twoTo256 - .one)
    var modulus = (-Fr.one).bigEndianBytes
    modulus[31] += 1
    #expect(try reduced(zeros, modulus) == .zero)
    #expect(try reduced(modulus, modulus) == .zero)
    for count in [0, 32, 63, 65] {
      #expect(throws: ProofsError.wrongLength(expected: 64, actual: count)) {
        try Fr(reducing: .init(repeating: 0, count: count))
      }
    }
  }

  @Test("no text crashes the reader, and what it takes it writes alike")
  func fuzz() throws {
    var random = SeededGenerator(seed: 12)
    let seeds = [
      Array("0".utf8), Array("12345678901234567890123".utf8), Array(primeOfFr.utf8),
      Array(primeOfFr.dropFirst(40).utf8),
    ]
    var taken = 0
    for round in 0..<100_000 {
      let text = random.mutate(seeds[round % seeds.count], changes: 2)
      guard let value = try? Fr(decimal: text.span) else { continue }
      taken += 1
      if round % 8 == 0, value.decimalDigits != text { Issue.record("\(text), \(random)") }
    }
    #expect(taken > 1_000)
  }
}
