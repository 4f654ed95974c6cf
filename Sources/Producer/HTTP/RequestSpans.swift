import Glibc
import HTTPWire
import Jobs
import Service
import Tracing
import Transport

/// The spans of the producer: one for each request, and one for each job that it puts in. There is none where no receiver is
/// set, so that nothing is made or kept for it.
@EventLoop
final class RequestSpans {
  private let exporter: SpanExporter
  private var random = RandomReserve()

  init(_ receiver: TracingSettings.Receiver, metrics: MetricsRegistry, log: Logger) {
    var random = SystemRandomNumberGenerator()
    exporter = SpanExporter(
      receiver, service: "whispercache-producer",
      resource: [
        SpanAttribute("service.instance.id", "producer-\(getpid())-\(String(random.next() as UInt32, radix: 16))")
      ], metrics: metrics, log: log)
  }

  /// Gives a request its place: under the caller's span, or at the beginning of a trace that is recorded. Probes and scrapes
  /// have none.
  func begin(_ request: HTTPRequest) -> RequestTrace? {
    if let template = request.route?.template, RequestTelemetry.watchers.contains(template) { return nil }
    if let caller = RequestTrace.sent(with: request) {
      return RequestTrace(own: caller.child(random: Array(random.bytes(8))), parent: caller.span)
    }
    return TraceContext(random: Array(random.bytes(24)), isSampled: true).map { RequestTrace(own: $0, parent: nil) }
  }

  /// Records a request that was answered. Its path is not told: the route says what matters, and a path holds what a caller typed.
  func ended(_ exchange: HTTPExchange) {
    guard let trace = exchange.context as? RequestTrace, trace.own.isSampled else { return }
    let method = exchange.method == .unknown ? "_OTHER" : exchange.method.description
    var attributes = [
      SpanAttribute("http.request.method", method), SpanAttribute("url.scheme", "http"),
      SpanAttribute("http.response.status_code", Int64(exchange.status.code)),
    ]
    if let route = exchange.route { attributes.append(SpanAttribute("http.route", route)) }
    let failed = exchange.status.code >= 500
    if failed { attributes.append(SpanAttribute("error.type", String(exchange.status.code))) }
    exporter.record(
      Span(
        exchange.route.map { "\(method) \($0)" } ?? method, .server, trace.own, parent: trace.parent,
        lasted: exchange.duration, attributes: attributes, isError: failed))
  }

  /// Records a job that is in Redis now; its span is the one that its workers continue.
  ///
  /// - Parameters:
  ///   - request: the place of the request that brought it.
  ///   - began: when the call of Redis began, in monotonic nanoseconds.
  func enqueued(_ job: NewJob, by request: RequestTrace?, since began: Int64) {
    guard let own = job.options.traceparent.flatMap({ TraceContext($0) }), own.isSampled else { return }
    let queue = job.id.queue.text
    exporter.record(
      Span(
        Messaging.name(.send, queue: queue), .producer, own, parent: request?.own.span,
        lasted: MonotonicClock.elapsed(since: began),
        attributes: Messaging.attributes(.send, queue: queue, job: job.id.text, kind: job.kind.text)))
  }

  /// Sends what is left, for `limit` at most.
  func close(within limit: Duration) async { await exporter.close(within: limit) }
}
