import Service

/// How often clients may call: RATE_LIMIT, AUTH_FAILURE_LIMIT, AUTH_BLOCK_TIME.
struct LimitSettings: Sendable {
  /// Calls of one client; nil for no limit.
  let calls: Rate?
  /// Guesses from one address before it is blocked; nil for no limit.
  let guesses: Rate?
  /// How long an address is blocked.
  let blockTime: Duration

  /// Reads them.
  init(_ reader: inout ConfigurationReader) {
    calls = Self.rate(&reader, "RATE_LIMIT", "calls of a client (100/60s)", default: nil)
    guesses = Self.rate(
      &reader, "AUTH_FAILURE_LIMIT", "wrong tokens from an address before it is blocked",
      default: Rate(count: 20, period: .seconds(60)))
    blockTime = reader.duration(
      "AUTH_BLOCK_TIME", "how long an address is blocked", default: .seconds(300), in: .seconds(1)...(.seconds(86_400)))
  }

  private static func rate(
    _ reader: inout ConfigurationReader, _ name: String, _ meaning: String, default standard: Rate?
  ) -> Rate? {
    guard let rate = reader.rateOrOff(name, meaning, default: standard) else { return nil }
    if rate.count > 1_000_000_000 || rate.period > .seconds(86_400) {
      reader.reject(name, expected: "at most 1000000000 in at most 24h")
    }
    return rate
  }
}
