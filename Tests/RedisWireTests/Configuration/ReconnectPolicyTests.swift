import RedisWire
import Testing

@Suite("Reconnect policy")
struct ReconnectPolicyTests {
  @Test("the longest wait doubles up to the cap")
  func doubling() {
    let policy = ReconnectPolicy(base: .milliseconds(100), cap: .seconds(1))
    #expect(
      (0..<6).map(policy.longestDelay) == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .seconds(1),
      ])
    #expect(policy.longestDelay(attempt: .max) == .seconds(1))
    #expect(policy.longestDelay(attempt: .min) == .milliseconds(100))
  }

  @Test("waits lie between zero and the longest, and reach both halves")
  func jitter() {
    let policy = ReconnectPolicy(base: .milliseconds(100), cap: .seconds(1))
    var generator = SystemRandomNumberGenerator()
    let waits = (0..<200).map { _ in policy.delay(attempt: 2, using: &generator) }
    #expect(waits.allSatisfy { $0 >= .zero && $0 <= .milliseconds(400) })
    #expect(waits.contains { $0 < .milliseconds(200) } && waits.contains { $0 > .milliseconds(200) })
  }

  @Test("extreme policies do not trap")
  func extremes() {
    var generator = SystemRandomNumberGenerator()
    let longest = Duration(secondsComponent: .max, attosecondsComponent: 0)
    for policy in [
      ReconnectPolicy(base: longest, cap: longest), ReconnectPolicy(base: .zero, cap: longest),
      ReconnectPolicy(base: .seconds(-1), cap: .seconds(-1)), ReconnectPolicy(base: .nanoseconds(1), cap: longest),
    ] {
      for attempt in [0, 1, 62, 200, 100_000] {
        #expect(policy.delay(attempt: attempt, using: &generator) >= .zero)
      }
    }
  }
}
