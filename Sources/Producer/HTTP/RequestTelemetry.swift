import HTTPWire
import Service
import Transport

/// What is counted and logged of each request, and the numbers of the operations guide.
@EventLoop
final class RequestTelemetry {
  /// What probes and scrapes ask; the guide's counters leave them out.
  static let watchers: Set<String> = [
    "/livez", "/readyz", "/healthz", "/metrics", "/api/health", "/api/ready", "/api/metrics/stats",
    "/api/metrics/prometheus", "/api/metrics/health",
  ]

  let total: Counter
  let successes: Counter
  let failures: Counter
  /// Latency of all requests but those of probes and scrapes.
  let latency: Histogram
  private let durations: MetricFamily<Histogram>
  private let waits: WaitTimes
  private let log: Logger

  init(
    on registry: MetricsRegistry, templates: [(method: HTTPMethod, path: String)], waits: WaitTimes, log: Logger
  ) {
    self.waits = waits
    self.log = log
    let paths = Set(templates.map(\.path)).sorted()
    durations = registry.histogram(
      "http_request_duration_seconds", help: "HTTP requests, without the time that callers asked to wait for a job.",
      labels: [
        .closed("method", HTTPMethod.allCases.map(\.description)), .closed("route", paths + ["none"]),
        .open("status"),
      ], bounds: HistogramBounds.request, unprefixed: true)
    for (method, path) in templates { _ = durations[method.description, path, "200"] }
    total = registry.counter("requests_total", help: "Requests, without probes and scrapes.")
    successes = registry.counter(
      "requests_success", help: "Requests that were answered below 400.", labels: [], kind: .untyped
    ).instrument([])
    failures = registry.counter(
      "requests_error", help: "Requests that were answered 400 or above.", labels: [], kind: .untyped
    ).instrument([])
    let latency = Histogram(bounds: HistogramBounds.request)
    self.latency = latency
    registry.quantiles("request_latency_ms", help: "Latency of requests, ms.", scale: 1000) { latency.snapshot }
  }

  /// Counts and logs one request.
  func record(_ exchange: HTTPExchange) {
    let worked = max(.zero, exchange.duration - waits.take(exchange.requestID))
    let status = exchange.status.code
    durations[exchange.method.description, exchange.route ?? "none", String(status)].observe(worked)
    if !Self.watchers.contains(exchange.route ?? "") {
      total.increment()
      (status < 400 ? successes : failures).increment()
      latency.observe(worked)
    }
    log.log(status >= 500 ? .info : .debug, "request", fields(exchange))
  }

  /// Logs what a handler did not expect; the caller has learnt the request's id alone.
  func failed(_ error: any Error, _ request: HTTPRequest) {
    log.error(
      "request failed",
      [.requestID(request.id.description), .error(error)] + (request.trace.map { [.traceID($0.own.traceID)] } ?? []))
  }

  private func fields(_ exchange: HTTPExchange) -> [LogField] {
    let trace = exchange.context as? RequestTrace
    return [
      .requestID(exchange.requestID.description), .string("method", exchange.method.description),
      .string("route", exchange.route ?? "none"), .int("status", exchange.status.code), .duration(exchange.duration),
      .int("requestBytes", exchange.requestBytes), .int("responseBytes", exchange.responseBytes),
      .string("peer", exchange.peer), .bool("complete", exchange.isComplete),
    ] + (trace.map { [.traceID($0.own.traceID)] } ?? [])
  }
}
