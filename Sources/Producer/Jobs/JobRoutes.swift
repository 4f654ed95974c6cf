import HTTPWire
import Jobs
import Sealing
import Service
import Transport

/// `/api/v1/jobs/{id}` and its result.
@EventLoop
final class JobRoutes {
  private let store: JobStore
  private let watch: JobWatch
  private let vault: JobVault
  private let access: AccessControl
  private let maxAttempts: Int
  private let waits: WaitTimes
  private let timing: StoreTiming

  init(
    store: JobStore, watch: JobWatch, vault: JobVault, access: AccessControl, maxAttempts: Int, waits: WaitTimes,
    timing: StoreTiming
  ) {
    self.store = store
    self.watch = watch
    self.vault = vault
    self.access = access
    self.maxAttempts = maxAttempts
    self.waits = waits
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.jobs + "/{id}") { try await self.job($0) }
    router.on(.get, Paths.jobs + "/{id}/result") { try await self.result($0) }
    router.on(.get, Paths.jobs + "/{id}/payload") { try await self.payload($0) }
  }

  /// Reads a job, or waits until it is done or, with If-None-Match, until it changes.
  private func job(_ request: HTTPRequest) async throws -> HTTPResponse {
    let wait = try WaitRequest(request)
    let id = try Self.id(request)
    try await admit(request, to: id)
    if wait.seconds > 0 { try await self.wait(for: id, wait, request) }
    let document = try await document(id)
    var headers: HTTPHeaders = ["Cache-Control": "no-cache"]
    headers.append(trace: document.record)
    wait.mark(&headers)
    return try Self.answer(document.bytes, headers, to: request)
  }

  /// Reads the result alone.
  private func result(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try Self.id(request)
    guard let record = try await read(id), access.viewer(of: request).maySee(record) else {
      throw Problem.jobNotFound(id.text)
    }
    switch record.state {
    case .succeeded:
      guard let result = try vault.result(record) else { throw Problem.trimmed(id) }
      var headers: HTTPHeaders = ["Cache-Control": "no-cache"]
      headers.append(trace: record)
      return try Self.answer(result, headers, to: request)
    case .dead, .cancelled:
      throw Problem.jobFailed(record)
    default:
      throw Problem.jobNotFinished(record)
    }
  }

  /// Reads the payload, unless the kind is private.
  private func payload(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try Self.id(request)
    guard let record = try await read(id), access.viewer(of: request).maySee(record) else {
      throw Problem.jobNotFound(id.text)
    }
    guard vault.showsPayload(record) else { throw Problem.payloadPrivate }
    guard let payload = vault.payload(of: record) else { throw Problem.payloadGone(id) }
    return try Self.answer(payload, ["Cache-Control": "no-cache"], to: request)
  }

  /// Waits for a job until it is done, or no longer as the caller knows it, or the time is over.
  func wait(for id: JobID, _ wait: WaitRequest, _ request: HTTPRequest) async throws {
    let began = MonotonicClock.nowNanoseconds()
    defer { waits.add(MonotonicClock.elapsed(since: began), to: request.id) }
    let wantsChange = request.method != .post && request.headers.contains("If-None-Match")
    do throws(JobError) {
      _ = try await watch.wait(for: id, upTo: .seconds(wait.seconds), wantsChange ? .change : .end) { record in
        record.state?.isTerminal == true || wantsChange && !self.isKnown(record, to: request)
      }
    } catch {
      throw error.forCaller
    }
  }

  /// Lets a request to a job pass unless the job is somebody else's.
  ///
  /// - Throws: 404 `job-not-found`, as for a job that does not exist.
  func admit(_ request: HTTPRequest, to id: JobID) async throws {
    let viewer = access.viewer(of: request)
    if viewer.seesAll { return }
    do throws(JobError) {
      let record = try await timing.measure(.read) { () async throws(JobError) in
        try await self.store.read([id], isBrief: true).first ?? nil
      }
      // The owner of a job never changes, so that what is done to it after this look is done to the caller's own.
      if let record, !viewer.maySee(record) { throw JobError.notFound(id) }
    } catch {
      throw error.forCaller
    }
  }

  /// The job as its caller sees it.
  func document(_ id: JobID) async throws -> JobDocument {
    guard let record = try await read(id) else { throw Problem.jobNotFound(id.text) }
    return JobDocument(
      record: record, result: try vault.result(record), maxAttempts: maxAttempts,
      showsPayload: vault.showsPayload(record))
  }

  private func read(_ id: JobID) async throws -> JobRecord? {
    do throws(JobError) {
      return try await timing.measure(.read) { () async throws(JobError) in try await self.store.read(id) }
    } catch {
      throw error.forCaller
    }
  }

  /// Whether the caller's If-None-Match names the job as it is; for jobs that are not done, which have no result.
  private func isKnown(_ record: JobRecord, to request: HTTPRequest) -> Bool {
    let bytes = JobDocument(
      record: record, result: nil, maxAttempts: maxAttempts, showsPayload: vault.showsPayload(record)
    ).bytes
    do {
      return try EntityTag(of: bytes).matchesIfNoneMatch(request.headers)
    } catch {
      return false
    }
  }

  /// Answers JSON with its tag, or 304 to a caller who has it.
  static func answer(
    _ bytes: [UInt8], status: HTTPStatus = .ok, _ headers: HTTPHeaders, to request: HTTPRequest
  ) throws -> HTTPResponse {
    let tag = try EntityTag(of: bytes)
    var headers = headers
    headers.append("ETag", tag.description)
    if tag.matchesIfNoneMatch(request.headers) { return HTTPResponse(status: .notModified, headers: headers) }
    return .json(bytes, status: status, headers: headers)
  }

  static func id(_ request: HTTPRequest) throws(Problem) -> JobID {
    let text = try request.parameter("id")
    guard let id = JobID(text) else { throw Problem.jobNotFound(text) }
    return id
  }
}

extension Problem {
  /// 409 for the result of a job that is not done.
  static func jobNotFinished(_ record: JobRecord) -> Problem {
    var problem = Problem(
      .conflict, "job-not-finished", "The job is not finished", detail: "There is no result yet.",
      headers: ["Retry-After": "1"])
    if let state = record.state { problem.add("state", state.rawValue) }
    return problem
  }

  /// 409 for the result of a job that ended without one.
  static func jobFailed(_ record: JobRecord) -> Problem {
    var problem = Problem(
      .conflict, "job-failed", "The job ended without a result",
      detail: record.state == .cancelled ? "The job was cancelled." : record.error)
    if let state = record.state { problem.add("state", state.rawValue) }
    if let reason = record.reason, record.state == .dead { problem.add("reason", reason.rawValue) }
    return problem
  }

  /// 410 for a result that was deleted after its time.
  static func trimmed(_ id: JobID) -> Problem {
    Problem(
      .gone, "trimmed", "The result was deleted",
      detail: "\(id) has ended; its result was kept for its time and then deleted.")
  }

  /// 409 for the payload of a private kind, or of an element that no worker has read yet.
  static var payloadPrivate: Problem {
    Problem(
      .conflict, "payload-private", "The payload is private",
      detail: "Payloads of private kinds are opened by workers alone; an element pushed by hand is read by one first.")
  }

  /// 410 for a payload that somebody deleted by hand.
  static func payloadGone(_ id: JobID) -> Problem {
    Problem(.gone, "trimmed", "The payload was deleted", detail: "The hash of \(id) has no payload any more.")
  }
}
