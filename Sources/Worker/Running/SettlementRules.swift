import Jobs

/// How the end of a delivery is settled: the rules of retries, time limits, unknown kinds and hand-backs, without I/O.
struct SettlementRules: Sendable {
  var retry = RetryPolicy()
  var maxAttempts = 5

  /// How `completion` of `claimed` is settled, and which outcome that is for metrics.
  ///
  /// - Parameters:
  ///   - stop: why the job had been asked to stop; a job that succeeded all the same has succeeded.
  ///   - nowMs: the claim's time, from Redis.
  ///   - queueMaxAttempts: attempts of a job that does not say, when its queue's settings do.
  func settlement(
    of claimed: ClaimedJob, _ completion: Completion, stop: JobContext.StopReason, nowMs: Int64,
    queueMaxAttempts: Int? = nil, using random: inout some RandomNumberGenerator
  ) -> Settlement {
    if let queueMaxAttempts {
      var rules = self
      rules.maxAttempts = queueMaxAttempts
      return rules.settlement(of: claimed, completion, stop: stop, nowMs: nowMs, using: &random)
    }
    var settlement = Settlement(id: claimed.id, token: claimed.token, end: .release(afterMs: 0))
    settlement.adoption = completion.adoption
    let options = completion.options
    switch completion.end {
    case .success(let result):
      settlement.end = .success(result)
      settlement.keepMs = options.resultTTLMs
    case .failed(.stopped) where stop == .cancelled:
      settlement.end = .cancelled
      settlement.keepMs = options.resultTTLMs
    case .failed(.stopped) where stop == .timeout:
      settlement.end = failure(claimed, options, .timeout, "timeout: the attempt ran over its time", &random)
    case .failed(.stopped):
      // Shutting down, or a handler that stopped without being asked to: another worker does it, uncharged.
      settlement.end = .release(afterMs: 0)
    case .failed(.retryable(let code, let message, let afterMs)):
      settlement.end = failure(claimed, options, .retryable(afterMs: afterMs), "\(code): \(message)", &random)
    case .failed(.permanent(let code, let message)):
      settlement.end = failure(claimed, options, .permanent, "\(code): \(message)", &random)
    case .unusable(let unusable):
      settlement.end = unusable.end
      settlement.adoption = unusable.adoption
    case .unknownKind:
      settlement.end = unknown(claimed, completion, nowMs: nowMs)
    case .early(.afterMs(let delay)):
      settlement.end = .release(afterMs: delay)
    case .early(.atMs(let instant)):
      settlement.end = .release(afterMs: max(0, instant.subtractingReportingOverflow(nowMs).partialValue))
    case .early(.now):
      break
    }
    return settlement
  }

  private func failure(
    _ claimed: ClaimedJob, _ options: JobOptions, _ failure: RetryPolicy.Failure, _ error: String,
    _ random: inout some RandomNumberGenerator
  ) -> Settlement.End {
    let verdict = options.retryPolicy(defaults: retry).verdict(
      on: failure, attemptsBefore: claimed.record.attempts, maxAttempts: options.maxAttempts ?? maxAttempts,
      using: &random)
    switch verdict {
    case .retry(let afterMs): return .retry(afterMs: afterMs, error: error)
    case .dead(let reason): return .dead(reason, error: error)
    }
  }

  private func unknown(_ claimed: ClaimedJob, _ completion: Completion, nowMs: Int64) -> Settlement.End {
    let verdict = UnknownKindPolicy.verdict(
      unknown: claimed.record.unknown, sinceMs: claimed.record.unknownSinceMs, nowMs: nowMs,
      maxAttempts: completion.options.maxAttempts ?? maxAttempts)
    switch verdict {
    case .release(let unknown, let sinceMs):
      return .releaseUnknown(afterMs: UnknownKindPolicy.delayMs, unknown: unknown, sinceMs: sinceMs)
    case .dead:
      let kind = completion.kind.map { "\($0)" } ?? "this kind"
      return .dead(.unknownKind, error: "unknown_kind: no worker knew \(kind); deploy one that does, or delete the job")
    }
  }
}

extension Settlement.End {
  /// The outcome of a delivery that ends this way.
  var outcome: Outcome {
    switch self {
    case .success: .succeeded
    case .retry: .failed
    case .dead: .dead
    case .release, .releaseUnknown: .released
    case .cancelled: .cancelled
    }
  }
}
