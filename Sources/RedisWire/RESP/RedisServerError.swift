/// An error that the server answered.
public struct RedisServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The whole line, without the leading minus sign; bytes that are not UTF-8 are replaced.
  public let line: String

  /// Takes the line of an error reply.
  public init(line: String) {
    self.line = line
  }

  /// The first word, when it is written in capitals (`NOSCRIPT`, `OOM`, `READONLY`), otherwise `ERR`.
  public var code: String {
    let word = line.utf8.prefix { $0 != UInt8(ascii: " ") }
    return Self.isCode(word) ? String(decoding: word, as: UTF8.self) : "ERR"
  }

  /// The text after the code.
  public var message: String {
    let word = line.utf8.prefix { $0 != UInt8(ascii: " ") }
    return Self.isCode(word) ? String(decoding: line.utf8.dropFirst(word.count + 1), as: UTF8.self) : line
  }

  /// The line as the server sent it.
  public var description: String { line }

  /// Compares the code without making a String of it.
  func hasCode(_ code: StaticString) -> Bool {
    code.withUTF8Buffer { code in
      let word = line.utf8.prefix { $0 != UInt8(ascii: " ") }
      return word.elementsEqual(code)
    }
  }

  private static func isCode(_ word: some Collection<UInt8>) -> Bool {
    !word.isEmpty
      && word.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
      }
  }
}
