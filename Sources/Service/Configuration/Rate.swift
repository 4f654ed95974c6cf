/// How often something may happen: `100/60s`.
public struct Rate: Sendable, Hashable, CustomStringConvertible {
  /// How many times.
  public let count: Int
  /// In how long.
  public let period: Duration

  /// What is expected, for messages.
  public static let expected = "a count and a duration (100/60s), or off"

  /// Creates a rate.
  public init(count: Int, period: Duration) {
    self.count = count
    self.period = period
  }

  /// Reads a rate; nil when it is malformed, or count or period is 0.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(parts[0]),
      count > 0,
      let period = DurationText.parse(String(parts[1])), period > .zero
    else { return nil }
    self.init(count: count, period: period)
  }

  /// The text that reads back as this rate.
  public var description: String { "\(count)/\(DurationText.text(period))" }
}
