import TestSupport
import Testing

@testable import JobCtl

@Suite("Lines of a backfill's input")
struct LineReaderTests {
  /// All lines of `input`, fed in chunks that end at `cuts`.
  private func lines(
    _ input: [UInt8], cuts: [Int] = [], limit: Int = 100, offset: Int64 = 0, line: Int = 0
  ) -> [InputLine] {
    var reader = LineReader(limit: limit, offset: offset, line: line)
    var found: [InputLine] = []
    var start = 0
    for end in cuts + [input.count] where end >= start {
      reader.feed(Array(input[start..<end]))
      start = end
      while let line = reader.next() { found.append(line) }
    }
    while let line = reader.finish() { found.append(line) }
    return found
  }

  private static let input = bytes("one\n\ntwo\r\n\r\nthree \r x\nlast")

  @Test("each line has its number, its text without the end, and where it ends")
  func whole() {
    let found = lines(Self.input)
    #expect(found.map { text($0.text) } == ["one", "", "two", "", "three \r x", "last"])
    #expect(found.map(\.number) == [1, 2, 3, 4, 5, 6])
    #expect(found.map(\.end) == [4, 5, 10, 12, 22, 26])
  }

  @Test("it does not matter where the bytes are cut")
  func cuts() {
    let whole = lines(Self.input)
    for first in 0...Self.input.count {
      for second in first...Self.input.count { #expect(lines(Self.input, cuts: [first, second]) == whole) }
    }
  }

  @Test("reading from the end of any line gives the lines that follow")
  func resume() {
    let whole = lines(Self.input)
    for (index, line) in whole.enumerated() {
      let rest = Array(Self.input[Int(line.end)...])
      #expect(lines(rest, offset: line.end, line: line.number) == Array(whole[(index + 1)...]))
    }
  }

  @Test("a line that is too long is told and dropped, and the next one is whole", arguments: [0, 3, 9, 20])
  func tooLong(cut: Int) {
    let found = lines(bytes("ab\n0123456789012345\ncd\n0123456789"), cuts: [cut], limit: 4)
    #expect(found.map { text($0.text) } == ["ab", nil, "cd", nil])
    #expect(found.map(\.end) == [3, 20, 23, 33])
    #expect(lines(bytes("1234\r\n12345\n"), limit: 4).map { text($0.text) } == ["1234", nil])
  }

  @Test("a line that never ends is not held")
  func endless() {
    var reader = LineReader(limit: 10)
    for _ in 0..<100 {
      reader.feed([UInt8](repeating: 120, count: 1000))
      #expect(reader.next() == nil)
    }
    reader.feed(bytes("\nx\n"))
    #expect(reader.next() == InputLine(number: 1, end: 100_001, text: nil))
    #expect(reader.next() == InputLine(number: 2, end: 100_003, text: bytes("x")))
  }
}
