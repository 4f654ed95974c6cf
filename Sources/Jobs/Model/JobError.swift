public import RedisWire

/// Why an operation on jobs did not do what was asked.
public enum JobError: Error, Sendable, Equatable {
  /// Redis did not answer, or not usefully. Enqueues may be sent again with the same ids.
  case storeUnavailable(RedisError)
  /// Redis is at its memory limit and refused the whole call; nothing was written.
  case outOfMemory
  /// The queue holds as many waiting jobs as it may.
  case queueFull(QueueName)
  /// There is no such job, or not any more.
  case notFound(JobID)
  /// The job's payload was deleted at its end, so it cannot run again.
  case payloadGone(JobID)
  /// The job's state forbids the operation.
  case conflict(JobID, JobState)
  /// A reply that this version cannot read; the script and Redis disagree with the program.
  case unexpectedReply(script: String, detail: String)
  /// The content of a job of a sealed kind cannot be sealed or opened.
  case seal(code: String, detail: String)
  /// A setting is outside its bounds; nothing was written.
  case invalidSetting(name: String, expected: String)
}

extension JobError {
  /// Takes over what Redis answered.
  public init(_ error: RedisError) {
    if case .server("OOM", _) = error {
      self = .outOfMemory
    } else {
      self = .storeUnavailable(error)
    }
  }

  /// A stable word for problems, logs and metrics.
  public var code: String {
    switch self {
    case .storeUnavailable: "store_unavailable"
    case .outOfMemory: "store_full"
    case .queueFull: "queue_full"
    case .notFound: "not_found"
    case .payloadGone: "payload_gone"
    case .conflict: "state_conflict"
    case .unexpectedReply: "unexpected_reply"
    case .seal: "seal_failed"
    case .invalidSetting: "invalid_setting"
    }
  }

  /// Whether the same call may succeed later without a change to it.
  public var isRetryable: Bool {
    switch self {
    case .storeUnavailable(let cause): cause.isRetryable
    case .outOfMemory, .queueFull: true
    case .notFound, .payloadGone, .conflict, .unexpectedReply, .seal, .invalidSetting: false
    }
  }
}

extension JobError: CustomStringConvertible {
  /// What happened and what to do.
  public var description: String {
    switch self {
    case .storeUnavailable(let cause): cause.description
    case .outOfMemory: "redis is at its maxmemory and takes no new jobs; let workers drain it or raise the limit"
    case .queueFull(let queue): "queue \(queue) is full; try again later, or raise MAX_QUEUE_DEPTH"
    case .notFound(let id): "there is no job \(id); it may have been deleted after its RESULT_TTL"
    case .payloadGone(let id): "the payload of \(id) was deleted at its end, as for every sealed kind; submit it anew"
    case .conflict(let id, let state): "\(id) is \(state.rawValue), which does not allow this"
    case .unexpectedReply(let script, let detail):
      "script \(script) answered something unexpected: \(detail); look for keys changed by hand"
    case .seal(_, let detail): "the content of a sealed job cannot be used: \(detail); check PAYLOAD_KEY"
    case .invalidSetting(let name, let expected): "\(name) must be \(expected)"
    }
  }
}
