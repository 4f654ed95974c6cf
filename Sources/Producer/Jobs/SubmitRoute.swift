import HTTPWire
import JSONWire
import Jobs
import Service
import Transport

/// `POST /api/v1/jobs`: one job in.
@EventLoop
final class SubmitRoute {
  private let store: JobStore
  private let reader: JobRequestReader
  private let maker: JobMaker
  private let jobs: JobRoutes
  private let access: AccessControl
  private let owners: JobOwners
  private let maxAttempts: Int
  private let metrics: JobMetrics
  private let timing: StoreTiming
  private let spans: RequestSpans?
  private let isEnding: @EventLoop @Sendable () -> Bool

  init(
    store: JobStore, reader: JobRequestReader, maker: JobMaker, jobs: JobRoutes, access: AccessControl,
    owners: JobOwners, maxAttempts: Int, metrics: JobMetrics, timing: StoreTiming, spans: RequestSpans?,
    isEnding: @escaping @EventLoop @Sendable () -> Bool
  ) {
    self.store = store
    self.reader = reader
    self.maker = maker
    self.jobs = jobs
    self.access = access
    self.owners = owners
    self.maxAttempts = maxAttempts
    self.metrics = metrics
    self.timing = timing
    self.spans = spans
    self.isEnding = isEnding
  }

  nonisolated func add(to router: inout Router) {
    let options = RouteOptions(bodyLimit: reader.maxBytes)
    router.on(.post, Paths.jobs, options: options) { try await self.submit($0) }
  }

  private func submit(_ request: HTTPRequest) async throws -> HTTPResponse {
    if isEnding() { throw Problem.shuttingDown }
    let key = try IdempotencyKey.read(request.headers)
    let wait = WaitRequest(request.headers)
    let asked = try read(request)
    let viewer = access.viewer(of: request)
    do {
      let job = try await maker.make(
        asked, key: key, body: request.body, owner: viewer.owner, trace: request.trace?.own)
      let began = MonotonicClock.nowNanoseconds()
      let outcome = try await timing.measure(.enqueue) { () async throws(JobError) in try await self.store.enqueue(job)
      }
      switch outcome {
      case .created:
        spans?.enqueued(job, by: request.trace, since: began)
        metrics.enqueued[asked.queue.text, asked.kind.text].increment()
        return try await created(job, wait, request)
      case .replayed(let id):
        return try await replayed(id, wait, request)
      case .conflict: throw Problem.keyReused
      case .duplicate(let id): throw Problem.duplicate(of: try await owners.visible([id], to: viewer).first)
      case .full: throw JobError.queueFull(asked.queue)
      }
    } catch let error as JobError {
      throw error.forCaller
    }
  }

  private func read(_ request: HTTPRequest) throws(Problem) -> JobRequest {
    let document = try request.json(limits: JSONLimits(bytes: reader.maxBytes))
    do {
      return try reader.read(document.root)
    } catch {
      throw Problem(error)
    }
  }

  private func created(_ job: NewJob, _ wait: WaitRequest, _ request: HTTPRequest) async throws -> HTTPResponse {
    guard wait.seconds > 0 else {
      return accepted(JobDocument(job, maxAttempts: maxAttempts), wait, HTTPHeaders())
    }
    return try await waited(job.id, wait, HTTPHeaders(), request)
  }

  private func replayed(_ id: JobID, _ wait: WaitRequest, _ request: HTTPRequest) async throws -> HTTPResponse {
    let headers: HTTPHeaders = ["Idempotency-Replayed": "true"]
    do {
      return try await waited(id, wait, headers, request)
    } catch let problem as Problem where problem.slug == "job-not-found" {
      // The key outlives the job: it did its work, and its record is gone.
      throw Problem.trimmed(id)
    }
  }

  /// The job after waiting for it: 200 when it is done, else 202.
  private func waited(
    _ id: JobID, _ wait: WaitRequest, _ headers: HTTPHeaders, _ request: HTTPRequest
  ) async throws -> HTTPResponse {
    if wait.seconds > 0 { try await jobs.wait(for: id, wait, request) }
    let document = try await jobs.document(id)
    guard document.record.state?.isTerminal == true else { return accepted(document, wait, headers) }
    var headers = headers
    headers.append("Location", Paths.job(id))
    headers.append(trace: document.record)
    wait.mark(&headers)
    return .json(document.bytes, headers: headers)
  }

  private func accepted(_ document: JobDocument, _ wait: WaitRequest, _ extra: HTTPHeaders) -> HTTPResponse {
    var headers = extra
    headers.append("Location", Paths.job(document.record.id))
    headers.append("Retry-After", "1")
    headers.append(trace: document.record)
    wait.mark(&headers)
    return .json(document.bytes, status: .accepted, headers: headers)
  }
}

extension JobDocument {
  /// A job that has just gone in; its time of creation is the one in its id, which Redis' own follows by milliseconds.
  init(_ job: NewJob, maxAttempts: Int) {
    var record = JobRecord(id: job.id)
    record.kind = job.kind.text
    record.priority = job.priority
    record.options = job.options
    record.createdMs = job.id.mintedMs
    switch job.start {
    case .now: record.state = .ready
    case .afterMs(let delay): record.state = delay > 0 ? .scheduled : .ready
    case .atMs(let instant): record.state = instant > job.id.mintedMs ? .scheduled : .ready
    }
    self.init(record: record, result: nil, maxAttempts: maxAttempts)
  }
}
