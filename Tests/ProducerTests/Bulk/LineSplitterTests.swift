import TestSupport
import Testing

@testable import Producer

@Suite("Lines of a stream")
struct LineSplitterTests {
  private static let text = "one\r\ntwo\n\n{\"three\":3}\nfour is too long\nfive\r\r\nsix"
  private static let lines: [LineSplitter.Line] = [
    .text(Array("one".utf8)), .text(Array("two".utf8)), .text([]), .text(Array("{\"three\":3}".utf8)), .tooLong,
    .text(Array("five\r".utf8)), .text(Array("six".utf8)),
  ]

  private static func split(_ chunks: [[UInt8]], limit: Int) -> [LineSplitter.Line] {
    var splitter = LineSplitter(limit: limit)
    var lines: [LineSplitter.Line] = []
    for chunk in chunks {
      splitter.feed(chunk)
      while let line = splitter.next() { lines.append(line) }
    }
    if let line = splitter.finish() { lines.append(line) }
    return lines
  }

  @Test("lines come out the same wherever the stream is cut")
  func everyCut() {
    let bytes = Array(Self.text.utf8)
    for cut in 0...bytes.count {
      #expect(Self.split([Array(bytes[..<cut]), Array(bytes[cut...])], limit: 11) == Self.lines, "cut at \(cut)")
    }
    #expect(Self.split(bytes.map { [$0] }, limit: 11) == Self.lines)
  }

  @Test("a line without an end is dropped as it comes, and told once")
  func endless() {
    var splitter = LineSplitter(limit: 10)
    var told = 0
    for _ in 0..<1000 {
      splitter.feed(Array(repeating: UInt8(ascii: "x"), count: 100))
      while let line = splitter.next() {
        #expect(line == .tooLong)
        told += 1
      }
    }
    splitter.feed(Array("\nok\n".utf8))
    #expect(told == 1)
    #expect(splitter.next() == .text(Array("ok".utf8)))
    #expect(splitter.next() == nil)
    #expect(splitter.finish() == nil)
  }

  @Test("any bytes in any pieces give the lines that a plain split gives")
  func model() {
    var random = SeededGenerator()
    for _ in 0..<5000 {
      let alphabet = Array("a\n\r".utf8)
      let bytes: [UInt8] = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<3, using: &random)]
      }
      var chunks: [[UInt8]] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int.random(in: 0...rest.count, using: &random)
        chunks.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      var expected = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
      if expected.last?.isEmpty == true { expected.removeLast() }
      let lines = expected.map { line -> LineSplitter.Line in
        let text = line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line
        return .text(text)
      }
      #expect(Self.split(chunks, limit: 100) == lines, "\(random)")
    }
  }
}
