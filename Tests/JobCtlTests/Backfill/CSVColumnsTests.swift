import HTTPWire
import Testing

@testable import JobCtl

@Suite("Columns of a CSV input")
struct CSVColumnsTests {
  private func columns(_ headings: String...) throws -> CSVColumns { try CSVColumns(headings.map(bytes)) }

  private func payload(_ columns: CSVColumns, _ cells: String...) throws -> String {
    String(decoding: try columns.payload(cells.map(bytes)).get(), as: UTF8.self)
  }

  private func problem(_ columns: CSVColumns, _ cells: [[UInt8]]) -> Problem? {
    if case .failure(let problem) = columns.payload(cells) { problem } else { nil }
  }

  @Test("a cell is a string, whatever it looks like")
  func strings() throws {
    let columns = try columns("a", "b b", "ü")
    #expect(try payload(columns, "007", "", "true\n\"") == #"{"a":"007","b b":"","ü":"true\n\""}"#)
  }

  @Test("a type keeps digits, truth and JSON as they are; an empty cell leaves the field out")
  func types() throws {
    let columns = try columns("n:number", "b:bool", "j:json", "s:string", "t:x:string")
    #expect(
      try payload(columns, "123456789012345678901234567890.0", "false", #"[1, {"a":null}]"#, "4", "")
        == #"{"n":123456789012345678901234567890.0,"b":false,"j":[1, {"a":null}],"s":"4","t:x":""}"#)
    #expect(try payload(columns, "", "", "", "", "y") == #"{"s":"","t:x":"y"}"#)
  }

  @Test("what a cell cannot be is told with its column, and never its content")
  func wrongCells() throws {
    let columns = try columns("a/b:number", "b:bool", "j:json", "s")
    let found = self.problem(columns, [bytes("0x1F"), bytes("yes"), bytes("{secret"), [0xFF]])
    let problem = try #require(found)
    #expect(problem.errors.map(\.pointer) == ["/payload/a~1b", "/payload/b", "/payload/j", "/payload/s"])
    #expect(!String(decoding: problem.json(), as: UTF8.self).contains("secret"))
    for wrong in ["01", "1 2", "NaN", "\"1\"", "true"] {
      #expect(self.problem(columns, [bytes(wrong), [], [], []]) != nil)
    }
    #expect(self.problem(columns, [[], bytes("1"), [], []]) != nil)
  }

  @Test("a row with more or fewer cells than the heading is no job")
  func ragged() throws {
    let columns = try columns("a", "b")
    #expect(problem(columns, [bytes("1")])?.detail?.contains("1 cells, the heading 2") == true)
    #expect(problem(columns, [[], [], []]) != nil)
  }

  @Test(
    "a heading that cannot be used is refused", arguments: [["a", "a"], ["a", ""], ["a:int"], [":number"], ["a:"]])
  func headings(names: [String]) {
    #expect(throws: CSVColumns.HeadingError.self) { try CSVColumns(names.map(bytes)) }
    #expect(throws: CSVColumns.HeadingError.self) { try CSVColumns([[0xC3]]) }
  }
}
