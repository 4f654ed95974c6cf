/// How long ended jobs are kept, and how many of them.
public struct Retention: Sendable, Hashable {
  /// How long results are kept, in milliseconds (RESULT_TTL).
  public var resultMs: Int64
  /// How long dead jobs are kept, in milliseconds (DEAD_RETENTION).
  public var deadMs: Int64
  /// Most succeeded and cancelled jobs a queue (DONE_MAX).
  public var doneMax: Int64
  /// Most dead jobs a queue (DEAD_MAX).
  public var deadMax: Int64

  /// Creates bounds; the defaults are those of the variables.
  public init(
    resultMs: Int64 = 86_400_000, deadMs: Int64 = 7_776_000_000, doneMax: Int64 = 1_000_000, deadMax: Int64 = 100_000
  ) {
    self.resultMs = resultMs
    self.deadMs = deadMs
    self.doneMax = doneMax
    self.deadMax = deadMax
  }
}
