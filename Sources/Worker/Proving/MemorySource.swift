import Memories
import Proofs

/// Where proofs about stored memories get their openings.
struct MemorySource: Sendable {
  /// The store; nil in a worker without ENCRYPTION_KEY.
  let store: MemoryStore?

  /// Opens a memory.
  func witness(of reference: MemoryReference) async throws(JobFailure) -> MemoryWitness {
    guard let store else { throw .noEncryptionKey }
    do {
      return try await store.witness(of: reference)
    } catch {
      throw JobFailure(error)
    }
  }

  /// The opening that a payload gives or names, and for a named one the time of Redis when it was read, Unix ms.
  func opening(of subject: MemorySubject) async throws(JobFailure) -> (opening: MemoryOpening, nowMs: Int64) {
    switch subject {
    case .opening(let opening): return (opening, 0)
    case .stored(let reference):
      let witness = try await witness(of: reference)
      return (MemoryOpening(witness), witness.nowMs)
    }
  }
}

extension JobFailure {
  /// What an error of the memory store means for a job.
  init(_ error: MemoryError) {
    self =
      error.isRetryable
      ? .retryable(code: error.code, error.description) : .permanent(code: error.code, error.description)
  }

  /// What a worker without ENCRYPTION_KEY answers: another attempt, elsewhere or after the key is there, may succeed.
  static let noEncryptionKey = JobFailure.retryable(
    code: "no_encryption_key", "this worker has no ENCRYPTION_KEY; set it to work on memories")
}
