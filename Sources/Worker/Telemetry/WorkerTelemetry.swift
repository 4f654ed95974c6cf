import Jobs
import Service
import Transport

/// What the worker counts and logs about its jobs: the one place that turns events into metrics and lines.
@EventLoop
final class WorkerTelemetry {
  private let metrics: JobMetrics
  private let log: Logger
  /// nil where no spans are made.
  private let spans: RunSpans?
  private let limiter = LogLimiter(interval: .seconds(5))

  nonisolated init(metrics: JobMetrics, log: Logger, spans: RunSpans? = nil) {
    self.metrics = metrics
    self.log = log
    self.spans = spans
  }

  /// Jobs were claimed; the wait of each began when it became ready.
  func claimed(_ jobs: [ClaimedJob], in queue: QueueName, nowMs: Int64) {
    if jobs.isEmpty { return }
    metrics.claimed[queue.text].increment(by: jobs.count)
    let wait = metrics.wait[queue.text]
    for job in jobs {
      if let since = job.record.waitingSinceMs { wait.observe(.milliseconds(max(0, nowMs - since))) }
    }
  }

  /// A delivery ended here; Redis has yet to hear of it.
  func ended(_ job: RunningJob, _ completion: Completion, _ end: Settlement.End) {
    let queue = job.claimed.id.queue.text
    let kind = completion.kind?.text ?? job.claimed.record.kind ?? MetricFamily<Counter>.other
    let outcome = end.outcome
    let ran = Duration.nanoseconds(EventLoop.now - job.startedAt)
    metrics.finished[queue, kind, outcome.rawValue].increment()
    metrics.run[queue, kind, outcome.rawValue].observe(ran)
    spans?.ended(job, completion, end, kind: kind, ran: ran)
    switch end {
    case .success:
      if let created = job.claimed.record.createdMs {
        let waited = Duration.milliseconds(max(0, job.claimedAtMs - created))
        metrics.total[queue, kind].observe(waited + ran)
      }
      log.debug("job succeeded", fields(job, kind, ran))
    case .retry(let afterMs, let error):
      log.warning(
        "attempt failed, another follows",
        fields(job, kind, ran) + [.string("error", error), .int("retry_after_ms", Int(clamping: afterMs))])
    case .dead(let reason, let error):
      metrics.dead[queue, kind, reason.rawValue].increment()
      log.error(
        "job is dead", fields(job, kind, ran) + [.string("reason", reason.rawValue), .string("error", error)])
    case .release, .releaseUnknown:
      log.info("job given back", fields(job, kind, ran))
    case .cancelled:
      log.info("job cancelled", fields(job, kind, ran))
    }
  }

  /// Redis answered settlements.
  func settled(_ settlements: [Settlement], _ codes: [Settlement.Code]) {
    for (settlement, code) in zip(settlements, codes) where code == .leaseLost || code == .missing {
      metrics.lateAcks.increment()
      log.warning(
        "settlement refused: another worker has the job, or it is gone", [.jobID(settlement.id.text)])
    }
  }

  /// An extend told that another worker has the job.
  func leaseLost(_ job: ClaimedJob) {
    log.warning("lease lost; the job is stopped here", [.jobID(job.id.text)] + Self.trace(of: job))
  }

  /// Redis is away or refused a call; the worker tries again.
  func storeFailed(_ error: JobError) {
    log.log(.error, limitedBy: limiter, key: error.code, "redis call failed, trying again", [.error(error)])
  }

  /// A progress report was not kept.
  func progressFailed(_ error: JobError) {
    log.log(.warning, limitedBy: limiter, key: "progress", "progress was not kept", [.error(error)])
  }

  private func fields(_ job: RunningJob, _ kind: String, _ ran: Duration) -> [LogField] {
    [.jobID(job.claimed.id.text), .queue(job.claimed.id.queue.text), .kind(kind), .duration(ran)]
      + Self.trace(of: job.claimed)
  }

  private static func trace(of job: ClaimedJob) -> [LogField] { job.record.trace.map { [.traceID($0.traceID)] } ?? [] }
}
