/// Bounds that hold for every job; reaching one is a clear error for the caller.
public enum JobLimits {
  /// Jobs in one call of a script.
  public static let batchJobs = 64
  /// Jobs in each half of a settle-and-claim, so that Redis stalls for less than a millisecond.
  public static let fusedJobs = 32
  /// Bytes of payloads or results in one call of a script, when it holds more than one.
  public static let batchBytes = 1 << 20
  /// Attempts that a job may ask for.
  public static let attempts = 1...100
  /// Wait before a first attempt, in milliseconds: a year.
  public static let delayMs: ClosedRange<Int64> = 0...31_536_000_000
  /// Time that an attempt may take, in milliseconds: up to a day.
  public static let timeoutMs: ClosedRange<Int64> = 1...86_400_000
  /// Time that a result is kept, in milliseconds: a second to 90 days.
  public static let resultTTLMs: ClosedRange<Int64> = 1000...7_776_000_000
  /// Time that a unique key holds, in milliseconds: a second to 90 days.
  public static let uniqueTTLMs: ClosedRange<Int64> = 1000...7_776_000_000
  /// Wait between attempts, in milliseconds: up to a day.
  public static let backoffMs: ClosedRange<Int64> = 1...86_400_000
  /// Length of a unique or idempotency key, in bytes.
  public static let keyBytes = 1...256
}
