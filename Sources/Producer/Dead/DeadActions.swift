import Jobs
import Transport

/// Carries operations on dead letters out, a batch at a time.
@EventLoop
struct DeadActions: Sendable {
  let store: JobStore
  let timing: StoreTiming

  /// Does it to some letters, at most `JobLimits.batchJobs` for one call.
  ///
  /// - Returns: for each why it was not done to it, or nil.
  func perform(_ operation: DeadOperation, on ids: [JobID]) async throws(JobError) -> [String?] {
    let store = store
    switch operation {
    case .requeue:
      return try await timing.measure(.requeue) { () async throws(JobError) in
        try await store.requeue(ids).map { outcome in
          switch outcome {
          case .requeued: nil
          case .payloadGone: "payload_gone"
          case .unchanged(let state): state.rawValue
          case .missing: "missing"
          }
        }
      }
    case .purge:
      return try await timing.measure(.purge) { () async throws(JobError) in
        try await store.purge(ids).map { outcome in
          switch outcome {
          case .purged: nil
          case .unfinished(let state): state.rawValue
          case .missing: "missing"
          }
        }
      }
    }
  }
}

extension DeadOperation {
  /// How answers name the letters to which it was done.
  var done: String {
    switch self {
    case .requeue: "requeued"
    case .purge: "purged"
    }
  }
}
