import HTTPWire
import JSONWire

/// The columns of a CSV input: each is a field of the payload, with a type.
///
/// A heading is `name` or `name:type`. Without a type a cell is a string, whatever it looks like.
struct CSVColumns: Equatable, Sendable {
  /// What the cells of a column become.
  enum CellType: String, CaseIterable, Sendable {
    /// A string, also an empty one.
    case string
    /// A number with its digits as they are; an empty cell leaves the field out.
    case number
    /// `true` or `false`; an empty cell leaves the field out.
    case bool
    /// Any JSON value; an empty cell leaves the field out.
    case json
  }

  /// One column.
  struct Column: Equatable, Sendable {
    let name: String
    let type: CellType
  }

  /// Why a heading makes no columns.
  struct HeadingError: Error, Equatable {
    let text: String
  }

  let columns: [Column]

  /// Reads the heading.
  init(_ cells: [[UInt8]]) throws(HeadingError) {
    var columns: [Column] = []
    for (index, cell) in cells.enumerated() {
      guard let text = String(validating: cell, as: UTF8.self), !text.isEmpty else {
        throw HeadingError(text: "column \(index + 1) has no name in UTF-8")
      }
      let column = try Self.column(text)
      guard !columns.contains(where: { $0.name == column.name }) else {
        throw HeadingError(text: "two columns have the name \"\(column.name)\"")
      }
      columns.append(column)
    }
    self.columns = columns
  }

  private static func column(_ heading: String) throws(HeadingError) -> Column {
    guard let colon = heading.lastIndex(of: ":") else { return Column(name: heading, type: .string) }
    let word = String(heading[heading.index(after: colon)...])
    guard let type = CellType(rawValue: word), colon > heading.startIndex else {
      throw HeadingError(
        text: "the heading \"\(heading)\" names no type; known are "
          + CellType.allCases.map(\.rawValue).joined(separator: ", ") + ", and \"\(heading):string\" keeps the colon")
    }
    return Column(name: String(heading[..<colon]), type: type)
  }

  /// The payload that a row makes, or what is wrong with its cells; never their content.
  func payload(_ cells: [[UInt8]]) -> Result<[UInt8], Problem> {
    guard cells.count == columns.count else {
      return .failure(
        .row(detail: "The row has \(cells.count) cells, the heading \(columns.count)."))
    }
    var problems: [FieldProblem] = []
    var writer = JSONWriter()
    writer.object { writer in
      for (column, cell) in zip(columns, cells) {
        if let wrong = Self.write(cell, column, to: &writer) {
          problems.append(FieldProblem("/payload/" + JSONPointer.escape(column.name), wrong))
        }
      }
    }
    return problems.isEmpty ? .success(writer.bytes) : .failure(.row(errors: problems))
  }

  /// Writes a field; what is wrong with the cell, or nil.
  private static func write(_ cell: [UInt8], _ column: Column, to writer: inout JSONWriter) -> String? {
    if column.type != .string, cell.isEmpty { return nil }
    switch column.type {
    case .string:
      guard let text = String(validating: cell, as: UTF8.self) else { return "expected UTF-8" }
      writer.field(column.name, text)
    case .number:
      guard let value = value(cell), value.kind == .number else { return "expected a number as JSON writes it" }
      writer.field(column.name, value)
    case .bool:
      guard let value = value(cell), value.kind == .boolean else { return "expected true or false" }
      writer.field(column.name, value)
    case .json:
      guard let value = value(cell) else { return "expected JSON; a string needs its quotes" }
      writer.field(column.name, value)
    }
    return nil
  }

  private static func value(_ cell: [UInt8]) -> JSONValue? {
    do throws(JSONError) {
      return try JSONDocument(cell).root
    } catch {
      return nil
    }
  }
}

extension Problem {
  /// A row of the input makes no job; in the words that the API has for a job that is not valid.
  static func row(detail: String? = nil, errors: [FieldProblem] = []) -> Problem {
    Problem(.unprocessable, "invalid-job", "The job is not valid", detail: detail, errors: errors)
  }

  /// A line of the input is too long to be a job.
  static func lineTooLong(limit: Int) -> Problem {
    Problem(
      .contentTooLarge, "payload-too-large", "The line is too long", detail: "A line may be \(limit) bytes long.")
  }
}
