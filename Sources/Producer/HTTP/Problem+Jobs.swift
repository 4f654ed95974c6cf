import HTTPWire
import JSONWire
import Jobs

extension Problem {
  /// What a failed operation on jobs says to the caller. Addresses and words of Redis are for the log.
  init(_ error: JobError) {
    switch error {
    case .storeUnavailable:
      self.init(
        .unavailable, "store-unavailable", "The job store does not answer",
        detail: "Send the request again after a moment; with an Idempotency-Key that can never make a second job.",
        headers: ["Retry-After": "1"])
    case .outOfMemory:
      self.init(
        .unavailable, "store-full", "The job store is full",
        detail: "Nothing was stored. Send the request again when workers have caught up.",
        headers: ["Retry-After": "5"])
    case .queueFull(let queue):
      self.init(
        .unavailable, "queue-full", "The queue is full",
        detail: "Queue \(queue) takes no more jobs now. Send the request again when workers have caught up.",
        headers: ["Retry-After": "5"])
    case .notFound(let id):
      self = .jobNotFound(id.text)
    case .payloadGone, .conflict:
      self.init(.conflict, "state-conflict", "The job's state does not allow this", detail: error.description)
    case .invalidSetting:
      self.init(.unprocessable, "invalid-setting", "The setting is not valid", detail: error.description)
    case .seal, .unexpectedReply:
      self.init(
        .internalError, "internal", "Something went wrong here",
        detail: "The cause is in the server's log under this request_id.")
    }
  }

  /// What a text that is no job says to the caller.
  init(_ error: JobRequestError) {
    switch error {
    case .json(let cause):
      self.init(cause)
    case .payloadTooLarge:
      self.init(
        .contentTooLarge, "payload-too-large", "The payload is too large",
        errors: error.problems.map { FieldProblem($0.pointer, $0.detail) })
    case .fields(let problems):
      let isUnknownKind =
        problems.count == 1 && problems[0].pointer == "/kind"
        && problems[0].detail.hasPrefix("unknown kind")
      self.init(
        .unprocessable, isUnknownKind ? "unknown-kind" : "invalid-job",
        isUnknownKind ? "The kind of job is not known" : "The job is not valid",
        errors: problems.map { FieldProblem($0.pointer, $0.detail) })
    }
  }

  /// 404 for an id that names no job, or none that is kept.
  static func jobNotFound(_ id: String) -> Problem {
    Problem(
      .notFound, "job-not-found", "There is no such job",
      detail: "No job has the id \(id.prefix(128)), or it ended and was deleted after its time.")
  }

  /// 409 for a unique key that another job holds.
  ///
  /// - Parameter existing: that job; nil where the caller may not know of it.
  static func duplicate(of existing: JobID?) -> Problem {
    var problem = Problem(.conflict, "duplicate-job", "A job with this unique key is not finished yet")
    if let existing {
      problem.headers.append("Location", Paths.job(existing))
      problem.add("existing", existing.text)
    }
    return problem
  }

  /// 422 for an Idempotency-Key that was sent with another body before.
  static var keyReused: Problem {
    Problem(
      .unprocessable, "idempotency-key-reused", "The Idempotency-Key was used for another request",
      detail: "Send a new key with a new request; a repetition has the same body, byte for byte.")
  }

  /// 503 for a sealed kind without a key to seal it.
  static func sealingUnavailable(_ kind: String) -> Problem {
    Problem(
      .unavailable, "sealing-unavailable", "Private payloads cannot be sealed here",
      detail: "Jobs of kind \(kind) are stored sealed only. Set PAYLOAD_KEY (or, outside production, ENCRYPTION_KEY).")
  }

  /// 503 while the service ends.
  static var shuttingDown: Problem {
    Problem(
      .unavailable, "shutting-down", "The service is shutting down",
      detail: "Send the request again; another instance will take it.", headers: ["Retry-After": "1"])
  }
}

/// The paths of resources.
enum Paths {
  static let jobs = "/api/v1/jobs"
  static let queues = "/api/v1/queues"
  static let circuits = "/api/v1/circuits"
  static let dead = "/api/v1/dead"
  static let workers = "/api/v1/workers"
  static let schedules = "/api/v1/schedules"
  static let events = "/api/v1/events"
  static let stats = "/api/v1/stats"
  static let session = "/api/v1/session"

  static func job(_ id: JobID) -> String { "\(jobs)/\(id.text)" }
  static func payload(_ id: JobID) -> String { "\(jobs)/\(id.text)/payload" }
  static func result(_ id: JobID) -> String { "\(jobs)/\(id.text)/result" }
  static func events(_ id: JobID) -> String { "\(jobs)/\(id.text)/events" }
  static func cancel(_ id: JobID) -> String { "\(jobs)/\(id.text)/cancel" }
  static func retry(_ id: JobID) -> String { "\(jobs)/\(id.text)/retry" }
  static func worker(_ id: String) -> String { "\(workers)/\(id)" }
  static func verificationKey(_ circuit: String) -> String { "\(circuits)/\(circuit)/verification_key" }
  static func schedule(_ name: ScheduleName) -> String { "\(schedules)/\(name.text)" }
  static func queue(_ queue: QueueName) -> String { "\(queues)/\(queue.text)" }
}
