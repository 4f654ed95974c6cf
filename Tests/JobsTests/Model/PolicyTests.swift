import TestSupport
import Testing

@testable import Jobs

@Suite("Policies")
struct PolicyTests {
  @Test(
    "the longest wait doubles up to its bound",
    arguments: [(0, 1000), (1, 1000), (2, 2000), (7, 64_000), (8, 120_000), (Int.max, 120_000), (Int.min, 1000)]
      as [(Int, Int64)])
  func longest(_ attempts: Int, _ expected: Int64) {
    #expect(RetryPolicy().longestDelayMs(afterAttempts: attempts) == expected)
  }

  @Test("extreme settings neither trap nor leave the bounds")
  func extremes() {
    var random = SeededGenerator()
    for base in [Int64.min, -1, 0, 1, Int64.max] {
      for most in [Int64.min, 0, 1, 5, Int64.max] {
        for attempts in [Int.min, 0, 1, 63, 64, 65, Int.max] {
          let policy = RetryPolicy(baseMs: base, maxMs: most)
          let delay = policy.delayMs(afterAttempts: attempts, using: &random)
          #expect(delay >= 1 && delay <= max(1, most), "\(random)")
        }
      }
    }
  }

  @Test("waits are drawn from the whole range")
  func jitter() {
    var random = SeededGenerator(seed: 1)
    let delays = (0..<2000).map { _ in RetryPolicy().delayMs(afterAttempts: 1, using: &random) }
    #expect(delays.min()! < 50 && delays.max()! > 950 && delays.allSatisfy { (1...1000).contains($0) })
  }

  @Test("what follows from a failure")
  func verdicts() {
    var random = SeededGenerator()
    let policy = RetryPolicy()
    func verdict(_ failure: RetryPolicy.Failure, _ before: Int) -> RetryPolicy.Verdict {
      policy.verdict(on: failure, attemptsBefore: before, maxAttempts: 3, using: &random)
    }
    #expect(verdict(.permanent, 0) == .dead(.permanent))
    #expect(verdict(.timeout, 2) == .dead(.timeout) && verdict(.retryable(afterMs: nil), 2) == .dead(.exhausted))
    #expect(verdict(.retryable(afterMs: 7), 0) == .retry(afterMs: 7))
    #expect(verdict(.retryable(afterMs: -7), 0) == .retry(afterMs: 1))
    #expect(verdict(.retryable(afterMs: .max), 1) == .retry(afterMs: 86_400_000))
    #expect(verdict(.retryable(afterMs: 7), .max) == .dead(.exhausted))
    guard case .retry(let delay) = verdict(.timeout, 1) else {
      Issue.record("a timeout that is not the last is tried again")
      return
    }
    #expect((1...2000).contains(delay), "\(random)")
  }

  @Test("an unknown kind is given back until both its releases and ten minutes are spent")
  func unknownKinds() {
    func verdict(_ unknown: Int, _ since: Int64?, _ now: Int64) -> UnknownKindPolicy.Verdict {
      UnknownKindPolicy.verdict(unknown: unknown, sinceMs: since, nowMs: now, maxAttempts: 5)
    }
    #expect(verdict(0, nil, 1000) == .release(unknown: 1, sinceMs: 1000))
    #expect(verdict(4, 1000, 10_000_000) == .release(unknown: 5, sinceMs: 1000))
    #expect(verdict(5, 1000, 600_999) == .release(unknown: 6, sinceMs: 1000))
    #expect(verdict(5, 1000, 601_000) == .dead)
    #expect(verdict(99, nil, 601_000) == .release(unknown: 100, sinceMs: 601_000))
  }

  @Test("spoilt counters of an unknown kind neither trap nor keep it for ever")
  func spoiltCounters() {
    let future = UnknownKindPolicy.verdict(unknown: 9, sinceMs: .max, nowMs: 5, maxAttempts: 5)
    #expect(future == .release(unknown: 10, sinceMs: 5))
    #expect(UnknownKindPolicy.verdict(unknown: .max, sinceMs: .min, nowMs: 5, maxAttempts: 5) == .dead)
    let many = UnknownKindPolicy.verdict(unknown: .max, sinceMs: 5, nowMs: 5, maxAttempts: 5)
    #expect(many == .release(unknown: .max, sinceMs: 5))
  }
}
