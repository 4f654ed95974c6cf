import HTTPWire
import Jobs
import Transport

/// What a caller does to one job: `POST /api/v1/jobs/{id}/cancel`, `/retry`, `DELETE /api/v1/jobs/{id}`.
@EventLoop
final class JobOperations {
  private let store: JobStore
  private let jobs: JobRoutes
  private let timing: StoreTiming

  init(store: JobStore, jobs: JobRoutes, timing: StoreTiming) {
    self.store = store
    self.jobs = jobs
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.post, Paths.jobs + "/{id}/cancel") { try await self.cancel($0) }
    router.on(.post, Paths.jobs + "/{id}/retry") { try await self.retry($0) }
    router.on(.delete, Paths.jobs + "/{id}") { try await self.delete($0) }
  }

  /// A waiting job ends at once (200), a running one is asked to stop (202); one that was cancelled before is as it was.
  private func cancel(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try JobRoutes.id(request)
    try await jobs.admit(request, to: id)
    let outcome = try await operate(.cancel) { () async throws(JobError) in try await self.store.cancel([id]) }
    switch outcome {
    case .cancelled?: return .json(try await jobs.document(id).bytes)
    case .requested?: return .json(try await jobs.document(id).bytes, status: .accepted, headers: ["Retry-After": "1"])
    case .finished(let state)?: throw Problem.wrongState(state, "A job that has ended cannot be cancelled.")
    case .missing?, nil: throw Problem.jobNotFound(id.text)
    }
  }

  /// Dead and cancelled jobs begin a new life, scheduled and retrying ones run now.
  private func retry(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try JobRoutes.id(request)
    try await jobs.admit(request, to: id)
    let outcome = try await operate(.requeue) { () async throws(JobError) in try await self.store.requeue([id]) }
    switch outcome {
    case .requeued?:
      return .json(
        try await jobs.document(id).bytes, status: .accepted, headers: ["Location": Paths.job(id), "Retry-After": "1"])
    case .payloadGone?: throw JobError.payloadGone(id).forCaller
    case .unchanged(let state)?:
      throw Problem.wrongState(state, "Only dead, cancelled, scheduled and retrying jobs can be run again.")
    case .missing?, nil: throw Problem.jobNotFound(id.text)
    }
  }

  private func delete(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try JobRoutes.id(request)
    try await jobs.admit(request, to: id)
    let outcome = try await operate(.purge) { () async throws(JobError) in try await self.store.purge([id]) }
    switch outcome {
    case .purged?: return HTTPResponse(status: .noContent)
    case .unfinished(let state)?:
      throw Problem.wrongState(state, "Only a job that has ended can be deleted; cancel it first.")
    case .missing?, nil: throw Problem.jobNotFound(id.text)
    }
  }

  private func operate<Outcome: Sendable>(
    _ operation: StoreTiming.Operation, _ body: @escaping @EventLoop @Sendable () async throws(JobError) -> [Outcome]
  ) async throws -> Outcome? {
    do throws(JobError) {
      return try await timing.measure(operation, body).first
    } catch {
      throw error.forCaller
    }
  }
}

extension Problem {
  /// 409 for an operation that the job's state does not allow.
  static func wrongState(_ state: JobState, _ detail: String) -> Problem {
    var problem = Problem(.conflict, "state-conflict", "The job's state does not allow this", detail: detail)
    problem.add("state", state.rawValue)
    return problem
  }
}
