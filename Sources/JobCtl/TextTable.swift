import JSONWire

/// Rows in columns, for people.
enum TextTable {
  /// Each column as wide as its widest cell; nothing after the last one.
  static func text(_ rows: [[String]]) -> String {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      return cells.joined() + "\n"
    }.joined()
  }

  /// A value as a cell: a string as it is without what could steer a terminal, `-` for null and what is absent.
  static func cell(_ value: JSONValue?) -> String {
    guard let value, !value.isNull else { return "-" }
    return plain(value.asString ?? String(decoding: value.rawBytes, as: UTF8.self))
  }

  /// A text without what could steer a terminal.
  static func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  /// Objects as a table: a heading, then one row each.
  static func text(_ values: some Sequence<JSONValue>, columns: [(heading: String, pointer: String)]) -> String {
    text([columns.map(\.heading)] + values.map { value in columns.map { cell(value[pointer: $0.pointer]) } })
  }

  /// A value's bytes and a line break.
  static func json(_ value: JSONValue) -> String { String(decoding: value.rawBytes, as: UTF8.self) + "\n" }
}
