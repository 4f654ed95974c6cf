internal import HTTPWire
public import Service
public import Transport

/// Sends spans to a receiver of OTLP over HTTP, behind the back of whoever records them.
///
/// `record` appends to a bounded list and returns; one request at a time goes out. When the receiver is slow, away or full,
/// spans are dropped and counted, and nothing else happens.
@EventLoop
public final class SpanExporter {
  private static let answerTimeout = Duration.seconds(10)
  private static let complaintInterval = Duration.seconds(60)

  private let client: HTTPClient
  private let path: String
  private let document: OTLPTraceDocument
  private let exported: Counter
  private let dropped: MetricFamily<Counter>
  private let log: Logger
  private let limiter = LogLimiter(interval: SpanExporter.complaintInterval)
  private let ending = WakeSignal()
  private var batcher: SpanBatcher
  private var counted = (exported: 0, dropped: [SpanBatcher.Loss: Int]())
  private var isFinished = false
  private lazy var timer = LoopTimer { [weak self] in self?.woken() }

  /// An exporter; nothing is connected before the first batch.
  ///
  /// - Parameters:
  ///   - resource: what is true of all spans of this process, beside what `settings` say.
  ///   - metrics: gets `spans_exported_total` and `spans_dropped_total{reason}`.
  public init(
    _ settings: TracingSettings.Receiver, service: String, resource: [SpanAttribute], metrics: MetricsRegistry,
    log: Logger,
    limits: SpanBatcher.Limits = SpanBatcher.Limits()
  ) {
    var options = HTTPClientOptions()
    options.timeout = Self.answerTimeout
    options.connectTimeout = .seconds(5)
    options.bodyLimit = 1 << 20
    options.idleConnections = 1
    options.headers = settings.headers
    options.headers.set("Content-Type", "application/json")
    options.headers.set("User-Agent", "whispercache/\(BuildInfo.version)")
    client = HTTPClient(settings.url, believing: settings.authorities, options: options)
    path = settings.tracesPath
    document = OTLPTraceDocument(
      resource: [
        SpanAttribute("service.name", settings.serviceName ?? service),
        SpanAttribute("service.namespace", "whispercache"), SpanAttribute("service.version", BuildInfo.version),
        SpanAttribute("telemetry.sdk.name", "whispercache"), SpanAttribute("telemetry.sdk.language", "swift"),
        SpanAttribute("telemetry.sdk.version", BuildInfo.version),
      ] + resource)
    exported = metrics.counter("spans_exported_total", help: "Spans that the receiver of traces has taken.")
    dropped = metrics.counter(
      "spans_dropped_total", help: "Spans that were dropped: too many waited, or the receiver did not take them.",
      labels: [.closed("reason", SpanBatcher.Loss.allCases.map(\.rawValue))])
    self.log = log
    batcher = SpanBatcher(limits: limits)
  }

  /// Takes a span whose trace is sampled; another one is passed over.
  ///
  /// - Complexity: O(1), without I/O.
  public func record(_ span: Span) {
    if span.context.isSampled { perform(batcher.add(span)) }
  }

  /// Sends what is left, for `limit` at most; what is left then is dropped. Later spans are dropped too.
  public func close(within limit: Duration) async {
    perform(batcher.drain())
    var isLate = false
    let deadline = EventLoop.after(limit) {
      isLate = true
      self.ending.raise()
    }
    while !isFinished, !isLate {
      let seen = ending.generation
      await ending.wait(after: seen)
    }
    deadline.cancel()
    timer.cancel()
    if !isFinished { batcher.abandon() }
    count()
    client.close()
  }

  private func woken() { perform(batcher.wake()) }

  private func perform(_ action: SpanBatcher.Action) {
    switch action {
    case .none: break
    case .wake(let afterMs): timer.schedule(after: .milliseconds(afterMs))
    case .send(let spans):
      timer.cancel()
      EventLoop.spawn { await self.send(spans) }
    case .finished:
      isFinished = true
      ending.raise()
    }
    count()
  }

  private func send(_ spans: [Span]) async {
    var answer = OTLPAnswer.tryLater(afterMs: nil)
    do throws(HTTPClientError) {
      let response = try await client.send(.post, path, body: document.bytes(spans))
      answer = OTLPAnswer(
        status: Int(response.status.code), retryAfter: response.headers["Retry-After"], body: response.body)
      if case .accepted(0) = answer {
      } else {
        complain("status \(response.status.code)", spans.count)
      }
    } catch {
      complain(error.description, spans.count)
    }
    perform(batcher.answered(answer, jitter: Double.random(in: 0...1)))
  }

  private func complain(_ what: String, _ spans: Int) {
    log.log(
      .warning, limitedBy: limiter, key: "spans",
      "spans were not taken; see OTEL_EXPORTER_OTLP_ENDPOINT and its receiver",
      [.string("error", what), .int("spans", spans)])
  }

  private func count() {
    exported.increment(by: batcher.exported - counted.exported)
    counted.exported = batcher.exported
    if batcher.dropped == counted.dropped { return }
    for (loss, number) in batcher.dropped {
      dropped[loss.rawValue].increment(by: number - counted.dropped[loss, default: 0])
    }
    counted.dropped = batcher.dropped
  }
}
