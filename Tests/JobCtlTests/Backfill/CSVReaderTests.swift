import TestSupport
import Testing

@testable import JobCtl

@Suite("Rows of a CSV input")
struct CSVReaderTests {
  static func rows(
    _ input: [UInt8], cuts: [Int] = [], delimiter: UInt8 = UInt8(ascii: ","), limit: Int = 1000, offset: Int64 = 0,
    line: Int = 0
  ) -> [CSVRow] {
    var reader = CSVReader(delimiter: delimiter, limit: limit, offset: offset, line: line)
    var found: [CSVRow] = []
    var start = 0
    for end in cuts + [input.count] where end >= start {
      reader.feed(Array(input[start..<end]))
      start = end
      while let row = reader.next() { found.append(row) }
    }
    while let row = reader.finish() { found.append(row) }
    return found
  }

  private static func cells(_ row: CSVRow) -> [String]? {
    if case .success(let cells) = row.cells { cells.map { String(decoding: $0, as: UTF8.self) } } else { nil }
  }

  private static let input = bytes(
    "a,b\r\n\"x, y\",\"say \"\"no\"\"\"\n,\n\"two\r\nlines\n\",\"\"\r\n\n \"\"\"\",z\n\"\"\"\",\"q\",")

  @Test("cells are unquoted; quotes and breaks within quotes belong to them")
  func whole() {
    let found = Self.rows(bytes("a,b\r\n\"x, y\",\"say \"\"no\"\"\"\n,\n\"two\r\nlines\n\",\"\"\r\n\n\"\"\"\",\"q\","))
    #expect(
      found.map(Self.cells) == [
        ["a", "b"], ["x, y", "say \"no\""], ["", ""], ["two\r\nlines\n", ""], [""], ["\"", "q", ""],
      ])
    #expect(found.map(\.line) == [1, 2, 3, 4, 7, 8])
    #expect(found.map(\.lastLine) == [1, 2, 3, 6, 7, 8])
    #expect(found.map(\.text.isEmpty) == [false, false, false, false, true, false])
    #expect(found.map(\.end) == [5, 25, 27, 45, 46, 55])
    #expect(text(found[0].text) == "a,b")
  }

  @Test(
    "what is no row is told, and the next row is whole",
    arguments: [
      ("a\"b,c\nd\n", CSVProblem.strayQuote), ("\"a\"b,c\nd\n", .textAfterQuote), ("\"a\" ,c\nd\n", .textAfterQuote),
      ("\"a\"\rb\nd\n", .textAfterQuote), ("\"a\"\r,b\nd\n", .textAfterQuote),
    ])
  func malformed(input: String, problem: CSVProblem) {
    let found = Self.rows(bytes(input))
    #expect(found.first?.cells == .failure(problem))
    #expect(found.count == 1 || Self.cells(found[1]) == ["d"])
  }

  @Test("a quote that is never closed is told at the end")
  func unclosed() {
    let found = Self.rows(bytes("a\n\"b\nc\n"))
    #expect(found.map(\.cells) == [.success([bytes("a")]), .failure(.unclosedQuote)])
    #expect(Self.rows(bytes("\"b\nccccccccccccc"), limit: 4).map(\.cells) == [.failure(.unclosedQuote)])
  }

  @Test("a row that is too long is told and dropped, also when it is quoted", arguments: [2, 9, 20])
  func tooLong(cut: Int) {
    let found = Self.rows(bytes("a,b\n01234,56789,0\n\"012\n3456,789\"\nc\n"), cuts: [cut], limit: 8)
    #expect(
      found.map(\.cells) == [
        .success([bytes("a"), bytes("b")]), .failure(.tooLong), .failure(.tooLong), .success([bytes("c")]),
      ])
    #expect(found.map(\.line) == [1, 2, 3, 5] && found.map(\.end) == [4, 18, 33, 35])
  }

  @Test("it does not matter where the bytes are cut")
  func cuts() {
    let whole = Self.rows(Self.input)
    for first in 0...Self.input.count {
      for second in first...Self.input.count {
        #expect(Self.rows(Self.input, cuts: [first, second]) == whole, "cut at \(first) and \(second)")
      }
    }
  }

  @Test("reading from the end of any row gives the rows that follow")
  func resume() {
    let whole = Self.rows(Self.input)
    for (index, row) in whole.enumerated() {
      let rest = Array(Self.input[Int(row.end)...])
      #expect(Self.rows(rest, offset: row.end, line: row.lastLine) == Array(whole[(index + 1)...]))
    }
  }

  @Test("the size of a row that is open is known, so that a lost quote is noticed")
  func openRow() {
    var reader = CSVReader(limit: 4)
    reader.feed(bytes("a\n\"bbbbbbbbbb"))
    #expect(reader.next() != nil && reader.next() == nil)
    #expect(reader.openBytes == 11 && reader.openLine == 2)
    reader.feed(bytes("cccc"))
    #expect(reader.next() == nil && reader.openBytes == 15)
  }

  @Test("no mutation ends the process, and rows end where the next begins")
  func mutations() {
    var random = SeededGenerator()
    for _ in 0..<30_000 {
      let input = random.mutate(Self.input)
      let cut = Int.random(in: 0...input.count, using: &random)
      let found = Self.rows(input, cuts: [cut], limit: 20)
      #expect(found.last?.end ?? 0 == Int64(input.count), "\(random)")
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.end < $1.end && $0.lastLine < $1.line }, "\(random)")
    }
  }
}
