public import Service

/// The metrics of jobs that producers and workers count alike: local events only, so that a sum over replicas is right.
public struct JobMetrics: Sendable {
  /// Jobs accepted.
  public let enqueued: MetricFamily<Counter>
  /// Jobs claimed.
  public let claimed: MetricFamily<Counter>
  /// Deliveries that ended, by outcome.
  public let finished: MetricFamily<Counter>
  /// Jobs that went to the dead letters.
  public let dead: MetricFamily<Counter>
  /// From ready to claimed.
  public let wait: MetricFamily<Histogram>
  /// From claimed to ended.
  public let run: MetricFamily<Histogram>
  /// From created to succeeded.
  public let total: MetricFamily<Histogram>
  /// Leases that the reaper found expired.
  public let leasesExpired: Counter
  /// Settlements that came too late and were refused.
  public let lateAcks: Counter

  /// Declares the metrics; `queues` and `kinds` exist as 0 from the start.
  public init(on registry: MetricsRegistry, queues: [QueueName], kinds: Kinds) {
    let queue = MetricLabel.open("queue")
    let kind = MetricLabel.open("kind")
    enqueued = registry.counter(
      "jobs_enqueued_total", help: "Jobs accepted into a queue.", labels: [queue, kind])
    claimed = registry.counter("jobs_claimed_total", help: "Jobs taken by this worker.", labels: [queue])
    finished = registry.counter(
      "jobs_finished_total", help: "Deliveries that ended, by outcome.",
      labels: [queue, kind, .closed("outcome", Outcome.allCases.map(\.rawValue))])
    dead = registry.counter(
      "jobs_dead_total", help: "Jobs that went to the dead letters, by reason.",
      labels: [queue, kind, .closed("reason", DeathReason.allCases.map(\.rawValue))])
    wait = registry.histogram(
      "job_wait_seconds", help: "From ready to claimed.", labels: [queue], bounds: HistogramBounds.wait)
    run = registry.histogram(
      "job_run_seconds", help: "From claimed to the end of the attempt.",
      labels: [queue, kind, .closed("outcome", Outcome.allCases.map(\.rawValue))],
      bounds: HistogramBounds.run)
    total = registry.histogram(
      "job_total_seconds", help: "From created to succeeded.", labels: [queue, kind], bounds: HistogramBounds.wait)
    leasesExpired = registry.counter("leases_expired_total", help: "Leases that ran out without an answer.")
    lateAcks = registry.counter("late_acks_total", help: "Settlements refused because the lease was lost.")
    startAtZero(queues: queues, kinds: kinds)
  }

  /// An alert on a counter that does not exist yet would miss its first increment.
  private func startAtZero(queues: [QueueName], kinds: Kinds) {
    for queue in queues {
      _ = claimed[queue.text]
      for kind in kinds.all where kind.name.defaultQueue == queue {
        _ = enqueued[queue.text, kind.name.text]
        for outcome in [Outcome.succeeded, .failed, .dead] {
          _ = finished[queue.text, kind.name.text, outcome.rawValue]
        }
        for reason in DeathReason.allCases { _ = dead[queue.text, kind.name.text, reason.rawValue] }
      }
    }
  }
}
