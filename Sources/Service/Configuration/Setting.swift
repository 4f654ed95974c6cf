/// A setting as it was declared and what it came to; for `--help` and `--print-config`.
struct Setting {
  /// Where a value came from.
  enum Origin: String {
    case flag, environment, file
    case standard = "default"
  }

  let name: String
  let meaning: String
  /// The default as text; nil when there is none.
  let standard: String?
  let isSecret: Bool
  let section: String?
  /// The value as it may be shown; nil when it is not set.
  var shown: String?
  var origin = Origin.standard

  var flag: String { Setting.flag(for: name) + (isSecret ? "-file" : "") }

  /// `REDIS_URL` has the flag `--redis-url`.
  static func flag(for name: String) -> String {
    "--" + name.lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
  }

  /// A value on one line, with all control characters escaped, cut when it is long.
  static func printable(_ text: String) -> String {
    let cut = text.utf8.count > 200 ? String(text.unicodeScalars.prefix(150)) + "…" : text
    return LogLine.printable(cut)
  }

  /// A URL without user, password and query, also when it is malformed.
  static func withoutCredentials(_ text: String) -> String {
    let at = text.lastIndex(of: "@")
    let host = text[(at ?? text.startIndex)...]
    let shown = host.firstIndex(of: "?").map { host[..<$0] + "?***" } ?? host
    guard at != nil else { return String(shown) }
    let scheme = text.firstRange(of: "://").map { text[..<$0.upperBound] } ?? ""
    return scheme + "***" + shown
  }
}
