import RedisWire
import Testing

#if Hiredis
  private let vectors = RESPVectors.resp2
#else
  private let vectors = RESPVectors.all
#endif

@Suite("RESP decoder")
struct RESPDecoderTests {
  @Test("a reply is read", arguments: vectors)
  func whole(vector: RESPVectors.Vector) {
    let decoded = decode(vector.bytes)
    #expect(decoded.error == nil)
    #expect(decoded.values == [vector.value])
    #expect(decoded.rest == 0)
  }

  @Test("a reply cut at any byte is the same reply", arguments: vectors)
  func cutOnce(vector: RESPVectors.Vector) {
    for cut in 0...vector.bytes.count {
      let decoded = decode(vector.bytes, cuts: [cut])
      #expect(decoded.values == [vector.value] && decoded.error == nil && decoded.rest == 0, "cut at \(cut)")
    }
  }

  @Test("a reply that comes byte by byte is the same reply", arguments: vectors)
  func cutEverywhere(vector: RESPVectors.Vector) {
    let decoded = decode(vector.bytes, cuts: Array(0..<vector.bytes.count))
    #expect(decoded.values == [vector.value] && decoded.error == nil && decoded.rest == 0)
  }

  @Test("a reply without its last byte is no reply", arguments: vectors)
  func unfinished(vector: RESPVectors.Vector) {
    let decoded = decode(vector.bytes.dropLast())
    #expect(decoded.values.isEmpty && decoded.error == nil)
  }

  @Test("replies follow each other, wherever the stream is cut")
  func stream() {
    let bytes = vectors.flatMap(\.bytes)
    let expected = vectors.map(\.value)
    #expect(decode(bytes).values == expected)
    for cut in stride(from: 0, through: bytes.count, by: 1) {
      let decoded = decode(bytes, cuts: [cut])
      #expect(decoded.values == expected && decoded.error == nil, "cut at \(cut)")
    }
  }

  @Test("a large aggregate in pieces is consumed as it comes, not gathered")
  func consumption() {
    let count = 2_000
    let bytes = Array("*\(count)\r\n".utf8) + (0..<count).flatMap { Array("$6\r\n\(100_000 + $0)\r\n".utf8) }
    let decoded = decode(bytes, cuts: Array(stride(from: 0, to: bytes.count, by: 7)))
    #expect(decoded.values.first?.elements?.count == count)
    #expect(decoded.values.first?.elements?.last?.int == Int64(100_000 + count - 1))
    #expect(decoded.longestRest <= 12)
  }

  @Test("not a number is read")
  func notANumber() {
    #if !Hiredis
      for wire in [",nan\r\n", ",-nan\r\n"] {
        #expect(decode(Array(wire.utf8)).values.first?.double?.isNaN == true)
      }
    #endif
  }

  @Test("status and error text that is not UTF-8 is repaired")
  func repair() {
    #expect(decode([43, 0xFF, 13, 10]).values == [.simple("\u{FFFD}")])
    #expect(decode([45, 69, 0xC3, 13, 10]).values == [.error(RedisServerError(line: "E\u{FFFD}"))])
  }
}

#if !Hiredis
  extension RESPDecoderTests {
    @Test("verbatim text has a format and a content")
    func verbatim() throws {
      let value = try #require(decode(Array("=8\r\ntxt:some\r\n".utf8)).values.first)
      #expect(value.string == "some" && value.bytes == Array("some".utf8))
      guard case .verbatim(let text) = value else {
        Issue.record("not verbatim: \(value)")
        return
      }
      #expect(text.format == "txt")
      #expect(decode(Array("=4\r\nmkd:\r\n".utf8)).values.first?.string == "")
    }

    @Test("nested values stay in place around an attribute, and the decoder knows that it is inside")
    func inside() throws {
      var decoder = RESPDecoder()
      var consumed = 0
      #expect(!decoder.isInsideReply)
      #expect(try decoder.decode(Array("*2\r\n:1\r\n".utf8).span, consumed: &consumed) == nil)
      #expect(consumed == 8)
      #expect(decoder.isInsideReply)
      #expect(
        try decoder.decode(Array(":2\r\n:3".utf8).span, consumed: &consumed) == .array([.integer(1), .integer(2)]))
      #expect(consumed == 4)
      #expect(!decoder.isInsideReply)
    }
  }
#endif
