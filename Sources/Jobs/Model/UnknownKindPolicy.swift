/// What a worker does with a job of a kind that it does not know: in a rolling deploy another worker may know it.
///
/// The job is released with a delay, again and again, and is dead with reason `unknown_kind` only after as many releases as
/// it has attempts and at least ten minutes.
public enum UnknownKindPolicy {
  /// How long a release lasts, in milliseconds.
  public static let delayMs: Int64 = 5000
  /// How long at least a job is kept before it is dead, in milliseconds.
  public static let patienceMs: Int64 = 600_000

  /// What to do.
  public enum Verdict: Sendable, Hashable {
    /// Release it for `delayMs` and keep these two counters in its hash.
    case release(unknown: Int, sinceMs: Int64)
    /// It is dead with reason `unknown_kind`.
    case dead
  }

  /// Decides.
  ///
  /// - Parameters:
  ///   - unknown: how often it was released for this reason before.
  ///   - sinceMs: when that began, nil when this is the first time.
  ///   - nowMs: the claim's time, from Redis.
  public static func verdict(unknown: Int, sinceMs: Int64?, nowMs: Int64, maxAttempts: Int) -> Verdict {
    let since = min(sinceMs ?? nowMs, nowMs)
    let waited = nowMs.subtractingReportingOverflow(since)
    if unknown >= maxAttempts, waited.overflow || waited.partialValue >= patienceMs { return .dead }
    return .release(unknown: unknown == .max ? .max : unknown + 1, sinceMs: since)
  }
}
