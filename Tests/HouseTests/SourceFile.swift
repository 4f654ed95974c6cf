import Foundation
import Testing

/// A file of the repository, with comments and string literals told apart from code.
struct SourceFile: Sendable, CustomTestStringConvertible {
  /// Relative to the repository's root.
  let path: String
  let text: String
  /// The lines as they stand.
  let lines: [String]
  /// The lines without comments and without what string literals hold (their quotes stay).
  let code: [String]
  /// The string literals, each with its line, counted from 1.
  let literals: [(line: Int, text: String)]

  var testDescription: String { path }
  var name: String { String(path.split(separator: "/").last ?? "") }
  /// The folder under Sources.
  var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }

  init(path: String, text: String) {
    self.path = path
    self.text = text
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var reader = LiteralReader(text)
    reader.run()
    code = reader.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    literals = reader.literals
  }

  /// `path:line: text` of each line of code in which `pattern` matches.
  func codeLines(matching pattern: String) -> [String] {
    code.enumerated().filter { $1.range(of: pattern, options: .regularExpression) != nil }
      .map { index, _ in "\(path):\(index + 1): \(lines[index].trimmingCharacters(in: .whitespaces))" }
  }
}

/// Splits Swift text into code and string literals; knows multi-line and raw strings and nested block comments.
///
/// What an interpolation holds counts as literal.
private struct LiteralReader {
  private let bytes: [UInt8]
  private var at = 0
  private var line = 1
  private(set) var codeBytes: [UInt8] = []
  private(set) var literals: [(line: Int, text: String)] = []

  var code: String { String(decoding: codeBytes, as: UTF8.self) }

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func run() {
    while at < bytes.count {
      if starts("//") {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
      } else if starts("/*") {
        skipBlockComment()
      } else if let hashes = stringStart() {
        readString(hashes: hashes)
      } else {
        take()
      }
    }
  }

  private func starts(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  private mutating func take() {
    if bytes[at] == UInt8(ascii: "\n") { line += 1 }
    codeBytes.append(bytes[at])
    at += 1
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if starts("/*") { depth += 1 } else if starts("*/") { depth -= 1 }
      if starts("/*") || starts("*/") { at += 1 }
      if at < bytes.count, bytes[at] == UInt8(ascii: "\n") { take() } else { at += 1 }
    } while depth > 0 && at < bytes.count
  }

  /// The number of `#` before a quote that opens a string here.
  private func stringStart() -> Int? {
    let hashes = bytes[at...].prefix { $0 == UInt8(ascii: "#") }.count
    return at + hashes < bytes.count && bytes[at + hashes] == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func readString(hashes: Int) {
    for _ in 0..<hashes { take() }
    let quote = starts("\"\"\"") ? "\"\"\"" : "\""
    let end = quote + String(repeating: "#", count: hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    let firstLine = line
    var content: [UInt8] = []
    for _ in quote.utf8 { take() }
    var depth = 0
    while at < bytes.count {
      if depth == 0, starts(end) { break }
      if depth == 0, starts(escape), at + escape.utf8.count < bytes.count {
        if bytes[at + escape.utf8.count] == UInt8(ascii: "(") { depth = 1 }
        content += bytes[at...at + escape.utf8.count]
        at += escape.utf8.count + 1
        continue
      }
      if depth > 0 {
        if bytes[at] == UInt8(ascii: "(") { depth += 1 }
        if bytes[at] == UInt8(ascii: ")") { depth -= 1 }
      }
      content.append(bytes[at])
      if bytes[at] == UInt8(ascii: "\n") { take() } else { at += 1 }
    }
    for _ in 0..<min(end.utf8.count, bytes.count - at) { take() }
    literals.append((firstLine, String(decoding: content, as: UTF8.self)))
  }
}
