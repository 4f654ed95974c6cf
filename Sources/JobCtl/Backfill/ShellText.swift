/// Writes words so that a shell reads them back as they are.
enum ShellText {
  /// One word, in single quotes unless it needs none.
  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./,:@%+=".utf8.contains(byte)
      }
    }
    if plain, !word.isEmpty, !word.hasPrefix("=") { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }

  /// A command line.
  static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
