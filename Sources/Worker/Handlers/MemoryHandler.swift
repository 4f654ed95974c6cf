import Jobs
import Memories
import Service

/// The `memory.*` kinds: reads the payload, asks the memory store, says what the store says.
struct MemoryHandler: JobHandler {
  let store: MemoryStore
  /// How long operations take, by operation.
  let durations: MetricFamily<Histogram>

  func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8] {
    do {
      let request = try MemoryRequest(kind: job.kind, payload: job.payload)
      let started = MonotonicClock.nowNanoseconds()
      let result = try await store.run(request, job: job.id)
      durations[request.operation].observe(MonotonicClock.elapsed(since: started))
      return result
    } catch {
      if context.shouldStop { throw .stopped }
      throw JobFailure(error)
    }
  }
}

/// What a worker without ENCRYPTION_KEY answers: another attempt, elsewhere or after the key is there, may succeed.
struct LockedMemoryHandler: JobHandler {
  func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
    throw .noEncryptionKey
  }
}
