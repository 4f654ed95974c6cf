import Jobs
import Service
import Tracing
import Transport

/// The spans of the worker: one for each delivery that ended here, under the span that the job was put in with.
@EventLoop
struct RunSpans {
  private let exporter: SpanExporter

  nonisolated init(_ exporter: SpanExporter) { self.exporter = exporter }

  /// Records a delivery that ended here.
  func ended(_ job: RunningJob, _ completion: Completion, _ end: Settlement.End, kind: String, ran: Duration) {
    guard let span = Self.span(of: job.claimed, completion, end, kind: kind, ran: ran) else { return }
    exporter.record(span)
  }

  /// The span of a delivery; nil when the job's trace is not recorded.
  ///
  /// A job without a trace from outside begins one, which is recorded. A delivery's span follows from the job's and the
  /// delivery's number, so that the next one can link to it wherever it runs.
  nonisolated static func span(
    of claimed: ClaimedJob, _ completion: Completion, _ end: Settlement.End, kind: String, ran: Duration
  ) -> Span? {
    let given = claimed.record.givenTrace
    guard let root = given ?? claimed.id.trace?.sampled(true), root.isSampled else { return nil }
    let delivery = UInt64(clamping: claimed.token)
    let queue = claimed.id.queue.text
    var attributes = Messaging.attributes(.process, queue: queue, job: claimed.id.text, kind: kind)
    attributes += [
      SpanAttribute("whispercache.job.attempt", Int64(claimed.record.attempts) + 1),
      SpanAttribute("whispercache.job.delivery", Int64(clamping: delivery)),
      SpanAttribute("whispercache.job.outcome", end.outcome.rawValue),
    ]
    let failure = errorType(completion, end)
    if let failure { attributes.append(SpanAttribute("error.type", failure)) }
    return Span(
      Messaging.name(.process, queue: queue), .consumer, root.descendant(delivery), parent: given?.span, lasted: ran,
      attributes: attributes, links: delivery > 1 ? [root.descendant(delivery - 1)] : [], isError: failure != nil)
  }

  /// A failure's stable code, never its message; nil for what is no failure.
  private nonisolated static func errorType(_ completion: Completion, _ end: Settlement.End) -> String? {
    let standard: String
    switch end {
    case .retry: standard = "timeout"
    case .dead(let reason, _): standard = reason.rawValue
    case .success, .release, .releaseUnknown, .cancelled: return nil
    }
    switch completion.end {
    case .failed(.retryable(let code, _, _)), .failed(.permanent(let code, _)): return code
    default: return standard
    }
  }
}
