internal import JSONWire

/// How log lines are written.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
  /// One JSON object a line.
  case json
  /// For eyes.
  case text

  /// The format for LOG_FORMAT: `json`, `text`, or `auto`, which is text on a terminal; nil for another word.
  public init?(setting: String, isTerminal: Bool) {
    switch setting {
    case "auto": self = isTerminal ? .text : .json
    default: self.init(rawValue: setting)
    }
  }
}

/// One line, before it is bytes.
struct LogLine {
  /// The names of common fields, in the order in which they are written, before all others.
  static let order = ["requestId", "jobId", "queue", "kind", "worker", "traceId", "duration"]
  static let reserved: Set<String> = ["ts", "level", "msg"]
  static let longestText = 4096

  let time: Timestamp
  let level: LogLevel
  let message: String
  let fields: [LogField]

  func bytes(as format: LogFormat) -> [UInt8] {
    switch format {
    case .json: json()
    case .text: text()
    }
  }

  /// The fields in writing order; of two with one name the later wins, as one JSON object has a name once.
  private var ordered: [LogField] {
    var common: [LogField] = []
    var others: [LogField] = []
    for (index, field) in fields.enumerated() {
      guard !fields[(index + 1)...].contains(where: { $0.name == field.name }) else { continue }
      if LogLine.order.contains(field.name) { common.append(field) } else { others.append(field) }
    }
    let place = { (field: LogField) in LogLine.order.firstIndex(of: field.name) ?? LogLine.order.count }
    return common.sorted { place($0) < place($1) } + others
  }

  private func json() -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    writer.field("ts", time.description)
    writer.field("level", level.name)
    writer.field("msg", LogLine.shortened(message))
    for field in ordered {
      writer.key(LogLine.reserved.contains(field.name) ? "field_" + field.name : field.name)
      switch field.value {
      case .string(let text): writer.string(LogLine.shortened(text))
      case .integer(let value): writer.int(value)
      case .double(let value): writer.double(value)
      case .bool(let value): writer.bool(value)
      }
    }
    writer.endObject()
    writer.newline()
    return writer.bytes
  }

  private func text() -> [UInt8] {
    let clock = time.description.dropFirst(11).dropLast()
    let word = level.name.uppercased()
    var line = clock + " " + word + String(repeating: " ", count: max(1, 9 - word.utf8.count))
    line += LogLine.printable(LogLine.shortened(message))
    for field in ordered {
      line += "  " + LogLine.printable(field.name) + "="
      switch field.value {
      case .string(let text): line += LogLine.quoted(LogLine.shortened(text))
      case .integer(let value): line += String(value)
      case .double(let value): line += value.description
      case .bool(let value): line += value ? "true" : "false"
      }
    }
    return Array((line + "\n").utf8)
  }

  static func shortened(_ text: String) -> String {
    guard text.utf8.count > longestText else { return text }
    return String(decoding: text.utf8.prefix(longestText - 3), as: UTF8.self) + "…"
  }

  /// Text without control characters, so that a line stays a line and a terminal is not told what to do.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.isEmpty || text.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") }
    return needsQuotes ? "\"" + printable(text) + "\"" : printable(text)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
      || (0x2028...0x2029).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }
}
