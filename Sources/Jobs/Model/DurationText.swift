/// Durations as people write them: digits and a unit (`500ms`, `15s`, `5m`, `24h`, `90d`); inside they are milliseconds.
public enum DurationText {
  /// What is expected of a text, for messages.
  public static let expected = "a duration such as \"500ms\", \"15s\", \"5m\", \"24h\" or \"7d\""

  /// The milliseconds, or nil when the text is no duration or does not fit in 64 bits.
  public static func parse(_ text: String) -> Int64? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty, let number = Int64(String(digits) ?? ""),
      let unit = milliseconds(of: String(text.utf8.dropFirst(digits.count)) ?? "")
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }

  /// The shortest text that reads back as these milliseconds.
  public static func format(_ milliseconds: Int64) -> String {
    let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
    for (name, size) in units where milliseconds != 0 && milliseconds % size == 0 {
      return "\(milliseconds / size)\(name)"
    }
    return "\(milliseconds)ms"
  }

  private static func milliseconds(of unit: String) -> Int64? {
    switch unit {
    case "ms": 1
    case "s": 1000
    case "m": 60_000
    case "h": 3_600_000
    case "d": 86_400_000
    default: nil
    }
  }
}
