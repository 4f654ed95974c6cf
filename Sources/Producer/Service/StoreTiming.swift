import Jobs
import Service
import Transport

/// Runs calls of the job store for a request, and measures them.
struct StoreTiming: Sendable {
  /// The calls that are told apart.
  enum Operation: String, Sendable, CaseIterable {
    case enqueue, read, stats, ping, cancel, requeue, purge, configure, list, workers, quiet, limit, schedule
  }

  private let histograms: [Operation: Histogram]

  init(_ family: MetricFamily<Histogram>) {
    histograms = Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, family[$0.rawValue]) })
  }

  /// Runs a call and notes how long it took, whether it succeeded or not.
  ///
  /// The call runs to its end even when the caller's task is cancelled, which happens as soon as a client ends its side
  /// of the connection: that client may still read, and an outage of Redis would be a wrong answer.
  @EventLoop
  func measure<Value: Sendable>(
    _ operation: Operation, _ body: @escaping @EventLoop @Sendable () async throws(JobError) -> Value
  ) async throws(JobError) -> Value {
    let began = MonotonicClock.nowNanoseconds()
    defer { note(operation, since: began) }
    let result: Result<Value, JobError> = await withCheckedContinuation { continuation in
      EventLoop.spawn {
        do throws(JobError) {
          continuation.resume(returning: .success(try await body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  /// Notes a call that began at a monotonic time, in nanoseconds.
  func note(_ operation: Operation, since began: Int64) {
    histograms[operation]?.observe(MonotonicClock.elapsed(since: began))
  }
}
