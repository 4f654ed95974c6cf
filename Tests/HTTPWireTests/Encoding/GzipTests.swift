import TestSupport
import Testing

@testable import HTTPWire

@Suite("Gzip") struct GzipTests {
  /// What Python's zlib makes of members, one a line in hex.
  private func unpacked(_ members: [[UInt8]]) async throws -> [[UInt8]] {
    let program = "import sys, gzip\nfor line in sys.stdin: print(gzip.decompress(bytes.fromhex(line)).hex())"
    let lines = members.map { $0.map { hex($0) }.joined() + "\n" }.joined()
    let output = try await Tool.output(of: "python3", ["-c", program], input: lines)
    return output.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let digits = Array(line.utf8)
      return stride(from: 0, to: digits.count - digits.count % 2, by: 2).map {
        UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16) ?? 0
      }
    }
  }

  private func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

  @Test("zlib reads what comes out, for texts with every length and distance that a match can have")
  func edges() async throws {
    var random = SeededGenerator()
    let noise = random.bytes(40_000)
    var texts: [[UInt8]] = [
      [], [0], Array("ab".utf8), Array("abc".utf8), Array(0...255), [UInt8](repeating: 7, count: 100_000),
    ]
    for length in [3, 4, 10, 11, 12, 18, 19, 66, 67, 257, 258, 259, 600] {
      texts.append(Array(noise[..<length]) + [1, 2, 3] + Array(noise[..<length]))
    }
    for distance in [1, 2, 4, 5, 8, 9, 255, 256, 257, 1024, 1025, 24_577, 32_767, 32_768, 32_769] {
      texts.append(Array(noise[..<distance]) + Array(noise[..<min(distance, 300)]))
    }
    let members = texts.map { Gzip.compressed($0) }
    let back = try await unpacked(members)
    #expect(back.count == texts.count)
    for (text, answer) in zip(texts, back) { #expect(text == answer, "\(text.count) bytes, \(random)") }
  }

  @Test("zlib reads what comes out, for random texts of few and many letters")
  func random() async throws {
    var random = SeededGenerator()
    let texts = (0..<300).map { _ in
      let letters = UInt8.random(in: 0...255, using: &random)
      return (0..<Int.random(in: 0...3000, using: &random)).map { _ in UInt8.random(in: 0...letters, using: &random) }
    }
    let back = try await unpacked(texts.map { Gzip.compressed($0) })
    #expect(back == texts, "\(random)")
  }

  @Test("a text that repeats itself becomes much shorter, and noise hardly longer")
  func sizes() {
    let text = Array(String(repeating: "a job goes in, is run, and ends. ", count: 300).utf8)
    #expect(Gzip.compressed(text).count < text.count / 40)
    var random = SeededGenerator()
    let noise = random.bytes(10_000)
    #expect(Gzip.compressed(noise).count < noise.count * 9 / 8 + 64, "\(random)")
  }

  @Test("the checksum is that of RFC 1952")
  func checksum() {
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of([]) == 0)
  }
}

@Suite("Accept-Encoding") struct AcceptEncodingTests {
  @Test(
    "gzip is sent to who takes it",
    arguments: [
      (["gzip"], true), (["deflate, gzip;q=1.0, *;q=0.5"], true), (["GZIP"], true), (["x-gzip"], true), (["*"], true),
      (["br", "gzip"], true), (["gzip; q=0.001"], true), ([], false), ([""], false), (["br, deflate"], false),
      (["gzip;q=0"], false), (["gzip ; q=0.000"], false), (["*;q=0"], false), (["gzip;q=0, *"], false),
      (["identity"], false),
      (["gzipped"], false), ([";q=1"], false), ([",,,"], false),
    ])
  func reading(_ fields: [String], _ expected: Bool) {
    var headers = HTTPHeaders()
    for field in fields { headers.append("Accept-Encoding", field) }
    #expect(AcceptEncoding(headers).allowsGzip == expected, "\(fields)")
  }
}
