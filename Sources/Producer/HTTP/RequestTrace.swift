import HTTPWire
import Jobs
import Service
import Transport

/// Where a request stands in a trace.
struct RequestTrace: Sendable, Equatable {
  /// What follows from the request has this as its parent: the request's own span where spans are recorded, else the caller's.
  let own: TraceContext
  /// The caller's span; nil when the trace begins here.
  let parent: UInt64?

  /// What a caller sent; nil without a valid `traceparent`.
  static func sent(with request: HTTPRequest) -> TraceContext? {
    request.headers.withValue(of: "traceparent") { value in
      value.withUnsafeBufferPointer { TraceContext(traceparent: $0) }
    } ?? nil
  }

  /// The place of a request where no spans are recorded: the caller's.
  static func passedOn(_ request: HTTPRequest) -> RequestTrace? {
    sent(with: request).map { RequestTrace(own: $0, parent: $0.span) }
  }
}

extension HTTPRequest {
  /// Its place in a trace; nil when the caller named none and none began here.
  var trace: RequestTrace? { context as? RequestTrace }
}

extension HTTPHeaders {
  /// Tells the job's place in a trace, the one whose id is in the log lines of its workers.
  mutating func append(trace record: JobRecord) {
    if let trace = record.trace { append("traceparent", trace.traceparent) }
  }
}
