import Foundation
import Glibc
import TestSupport
import Testing

@testable import Producer

@Suite("Addresses") struct IPAddressTests {
  @Test(
    "are read in every form that RFC 4291 has",
    arguments: [
      ("0.0.0.0", "0.0.0.0"), ("192.0.2.1", "192.0.2.1"), ("255.255.255.255", "255.255.255.255"),
      ("::", "0:0:0:0:0:0:0:0"), ("::1", "0:0:0:0:0:0:0:1"), ("1::", "1:0:0:0:0:0:0:0"),
      ("2001:db8::1", "2001:db8:0:0:0:0:0:1"), ("2001:DB8:0:0:8:800:200C:417A", "2001:db8:0:0:8:800:200c:417a"),
      ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
      ("64:ff9b::192.0.2.33", "64:ff9b:0:0:0:0:c000:221"),
      ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"), ("0001:0002::", "1:2:0:0:0:0:0:0"),
    ])
  func forms(text: String, meaning: String) throws {
    let address = try #require(IPAddress(text))
    #expect("\(address)" == meaning)
    #expect(IPAddress(meaning) == address)
  }

  @Test(
    "any other text is none",
    arguments: [
      "", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.04", "1.2.3.4 ",
      " 1.2.3.4", "1.2.3.4:80", "1.2.3.-4", "1.2.3.+4", "0x1.2.3.4", "1,2,3,4", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
      "1::2::3", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1%eth0", "[::1]",
      "1:2:3:4:5:6:7:1.2.3.4",
      "::1.2.3.4:1", "1.2.3.4::", "::1.2.3", "::256.2.3.4", ":1::", "::1:", "1:::2", "localhost", "unknown", "_hidden",
      "\u{0661}.2.3.4", "\u{FF11}::", "1.2.3.4\u{0}", String(repeating: ":", count: 10_000),
      String(repeating: "1", count: 10_000),
    ])
  func others(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("what the system's own reader takes and what this one takes is the same: seeded")
  func oracle() {
    var random = SeededGenerator()
    let alphabet = Array("0123456789abcdefF:::..").map(String.init)
    for _ in 0..<200_000 {
      let text = (0..<Int.random(in: 2...24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
        .joined()
      var bytes = [UInt8](repeating: 0, count: 16)
      let six = inet_pton(AF_INET6, text, &bytes) == 1
      var four = [UInt8](repeating: 0, count: 4)
      let isFour = !six && inet_pton(AF_INET, text, &four) == 1
      let found = IPAddress(text)
      #expect((found != nil) == (six || isFour), "\(text) \(random)")
      guard let found, six || isFour else { continue }
      let wanted = isFour ? [UInt8](repeating: 0, count: 10) + [255, 255] + four : bytes
      let halves = [wanted[..<8], wanted[8...]].map { $0.reduce(0 as UInt64) { $0 << 8 | UInt64($1) } }
      #expect(found.high == halves[0] && found.low == halves[1], "\(text) \(random)")
    }
  }

  @Test("a prefix keeps as many bits as it says", arguments: 0...128)
  func prefixes(length: Int) throws {
    let address = try #require(IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
    let kept = address.prefix(length)
    #expect(kept.high.nonzeroBitCount + kept.low.nonzeroBitCount == length)
    #expect(kept.high.leadingZeroBitCount == (length == 0 ? 64 : 0) && kept.prefix(length) == kept)
  }
}
