/// Durations as people write them in settings: a whole number and a unit, `500ms`, `15s`, `5m`, `24h`, `90d`.
public enum DurationText {
  /// What is expected, for messages.
  public static let expected = "a whole number with ms, s, m, h or d (15s, 500ms)"

  /// The longest duration that is read: 100 years.
  public static let longest = Duration.seconds(100 * 365 * 86_400)

  private static let units: [(name: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// Reads a duration; nil when there is no unit, a fraction, a sign, or more than `longest`.
  public static func parse(_ text: String) -> Duration? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let unit = text[digits.endIndex...]
    guard !digits.isEmpty, let count = Int64(text[..<digits.endIndex]),
      let scale = units.first(where: { $0.name == unit })
    else { return nil }
    let (milliseconds, overflow) = count.multipliedReportingOverflow(by: scale.milliseconds)
    guard !overflow, .milliseconds(milliseconds) <= longest else { return nil }
    return .milliseconds(milliseconds)
  }

  /// The shortest text that reads back as `duration`, cut to milliseconds.
  public static func text(_ duration: Duration) -> String {
    let milliseconds = Int64(min(max(duration, .zero), longest).milliseconds)
    if milliseconds == 0 { return "0s" }
    // A day is written as 24h, as people do.
    let unit = units.last { milliseconds % $0.milliseconds == 0 && ($0.name != "d" || milliseconds > $0.milliseconds) }
    guard let unit else { return "\(milliseconds)ms" }
    return "\(milliseconds / unit.milliseconds)\(unit.name)"
  }
}
