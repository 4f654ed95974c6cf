import Jobs
import Service

/// Measures calls of the job store.
struct StoreTiming: Sendable {
  /// The calls that are told apart.
  enum Operation: String, Sendable, CaseIterable {
    case enqueue, read, stats, ping
  }

  private let histograms: [Operation: Histogram]

  init(_ family: MetricFamily<Histogram>) {
    histograms = Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, family[$0.rawValue]) })
  }

  /// Runs a call and notes how long it took, whether it succeeded or not.
  func measure<Value>(
    _ operation: Operation, _ body: () async throws(JobError) -> Value
  ) async throws(JobError) -> Value {
    let began = MonotonicClock.nowNanoseconds()
    defer { note(operation, since: began) }
    return try await body()
  }

  /// Notes a call that began at a monotonic time, in nanoseconds.
  func note(_ operation: Operation, since began: Int64) {
    histograms[operation]?.observe(MonotonicClock.elapsed(since: began))
  }
}
