/// How long a failed job waits before its next attempt: exponential backoff with full jitter.
///
/// - Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public struct RetryPolicy: Sendable, Hashable {
  /// The longest wait before the second attempt, in milliseconds.
  public var baseMs: Int64
  /// The longest wait of all, in milliseconds.
  public var maxMs: Int64

  /// Creates a policy; the defaults are those of BACKOFF_BASE and BACKOFF_MAX.
  public init(baseMs: Int64 = 1000, maxMs: Int64 = 120_000) {
    self.baseMs = baseMs
    self.maxMs = maxMs
  }

  /// The longest wait after `attempts` failures: base · 2^(attempts - 1), at most max; at least 1 ms.
  public func longestDelayMs(afterAttempts attempts: Int) -> Int64 {
    let ceiling = max(1, maxMs)
    var delay = min(max(1, baseMs), ceiling)
    var doublings = attempts > 1 ? attempts - 1 : 0
    while doublings > 0, delay < ceiling {
      delay = delay > ceiling / 2 ? ceiling : delay * 2
      doublings -= 1
    }
    return delay
  }

  /// A wait drawn evenly from 1 ms to the longest.
  public func delayMs(afterAttempts attempts: Int, using generator: inout some RandomNumberGenerator) -> Int64 {
    Int64.random(in: 1...longestDelayMs(afterAttempts: attempts), using: &generator)
  }

  /// How an attempt failed.
  public enum Failure: Sendable, Hashable {
    /// Another attempt may help; the handler may ask for a wait of its own, in milliseconds.
    case retryable(afterMs: Int64?)
    /// No attempt can help.
    case permanent
    /// The attempt ran over its time.
    case timeout
  }

  /// What follows from a failure.
  public enum Verdict: Sendable, Hashable {
    /// Another attempt, after these milliseconds.
    case retry(afterMs: Int64)
    /// No more.
    case dead(DeathReason)
  }

  /// What follows when the attempt after `attemptsBefore` ended ones failed, of `maxAttempts` in all.
  public func verdict(
    on failure: Failure, attemptsBefore: Int, maxAttempts: Int, using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    let isLast = attemptsBefore >= max(1, maxAttempts) - 1
    switch failure {
    case .permanent: return .dead(.permanent)
    case .timeout where isLast: return .dead(.timeout)
    case .retryable where isLast: return .dead(.exhausted)
    case .retryable(let wish?): return .retry(afterMs: min(max(1, wish), 86_400_000))
    case .retryable, .timeout:
      let attempts = attemptsBefore == .max ? .max : attemptsBefore + 1
      return .retry(afterMs: delayMs(afterAttempts: attempts, using: &generator))
    }
  }
}
