/// The preferences of a request that are known here (RFC 7240): `wait=n` and `respond-async`.
public struct Prefer: Sendable, Hashable {
  /// How many seconds the client is ready to wait, or nil.
  public var waitSeconds: Int?
  /// Whether the client would rather have an answer at once.
  public var respondsAsync = false

  /// Reads all Prefer fields; what is unknown or malformed is passed over, as the RFC wants, and the first of two wins.
  public init(_ headers: HTTPHeaders) {
    for value in headers.values("Prefer") {
      for preference in value.split(separator: ",") {
        // Parameters after `;` belong to no preference that is known here.
        let word = preference.prefix { $0 != ";" }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
        guard let name = parts.first else { continue }
        switch (name.lowercased(), parts.count) {
        case ("wait", 2) where waitSeconds == nil: waitSeconds = Self.seconds(parts[1])
        case ("respond-async", 1): respondsAsync = true
        default: break
        }
      }
    }
  }

  /// The value of `Preference-Applied` after waiting up to `seconds`.
  public static func applied(waitSeconds seconds: Int) -> String { "wait=\(seconds)" }

  private static func seconds(_ text: Substring) -> Int? {
    var digits = text
    if digits.count >= 2, digits.first == "\"", digits.last == "\"" { digits = digits.dropFirst().dropLast() }
    guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy(ASCII.isDigit) else { return nil }
    return Int(digits)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
