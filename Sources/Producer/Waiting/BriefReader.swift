import Jobs
import Transport

/// Reads jobs without their contents; the reads of one tick share calls of Redis, so that a thousand waiters that all look
/// again are a few round trips.
@EventLoop
final class BriefReader {
  private typealias Reader = CheckedContinuation<Result<JobRecord?, JobError>, Never>

  private let store: JobStore
  private var readers: [JobID: [Reader]] = [:]

  init(_ store: JobStore) { self.store = store }

  /// Reads one job, or nil when there is none.
  func read(_ id: JobID) async throws(JobError) -> JobRecord? {
    let result = await withCheckedContinuation { continuation in
      if readers.isEmpty { EventLoop.after(.zero) { self.readAll() } }
      readers[id, default: []].append(continuation)
    }
    return try result.get()
  }

  private func readAll() {
    let due = readers
    readers = [:]
    EventLoop.spawn {
      let ids = Array(due.keys)
      for start in stride(from: 0, to: ids.count, by: JobLimits.batchJobs) {
        let part = Array(ids[start..<min(start + JobLimits.batchJobs, ids.count)])
        do throws(JobError) {
          let records = try await self.store.read(part, isBrief: true)
          for (id, record) in zip(part, records) { due[id]?.forEach { $0.resume(returning: .success(record)) } }
        } catch {
          for id in part { due[id]?.forEach { $0.resume(returning: .failure(error)) } }
        }
      }
    }
  }
}
