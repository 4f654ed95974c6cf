public import Service

/// A piece of work that has ended, as a tracing system shows it.
///
/// Nothing from inside a payload, a result, a key or a token may be in it: names, ids, codes and numbers alone.
/// See https://opentelemetry.io/docs/specs/otel/trace/api/#span.
public struct Span: Sendable, Hashable {
  /// Who works for whom.
  public enum Kind: Int, Sendable, Hashable {
    /// Answers a request from outside.
    case server = 2
    /// Puts a message where another program takes it later.
    case producer = 4
    /// Does what a message asks for.
    case consumer = 5
  }

  /// What is done: few different names, such as a method and a route.
  public var name: String
  /// Who works for whom.
  public var kind: Kind
  /// The trace, and the span's own id in it.
  public var context: TraceContext
  /// The span that this one is a part of; nil for the first of its trace.
  public var parent: UInt64?
  /// When it began, in nanoseconds since 1970-01-01T00:00:00Z.
  public var startNanoseconds: UInt64
  /// When it ended, in the same.
  public var endNanoseconds: UInt64
  /// What is known of it.
  public var attributes: [SpanAttribute]
  /// Spans that it has to do with and that are not its parent.
  public var links: [TraceContext]
  /// Whether it failed; what did is in the attribute `error.type`.
  public var isError: Bool

  /// A span that ends now and began `duration` ago, by the wall clock.
  public init(
    _ name: String, _ kind: Kind, _ context: TraceContext, parent: UInt64?, lasted duration: Duration,
    attributes: [SpanAttribute] = [], links: [TraceContext] = [], isError: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.context = context
    self.parent = parent
    self.attributes = attributes
    self.links = links
    self.isError = isError
    let (seconds, attoseconds) = duration.components
    let length = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let nanoseconds = length.overflow ? 0 : max(0, length.partialValue) + attoseconds / 1_000_000_000
    endNanoseconds = UInt64(clamping: WallClock.nowNanoseconds())
    startNanoseconds = endNanoseconds - min(endNanoseconds, UInt64(clamping: nanoseconds))
  }
}

/// A named value of a span, by OpenTelemetry's semantic conventions where they have a name for it.
public struct SpanAttribute: Sendable, Hashable {
  /// What an attribute can hold.
  public enum Value: Sendable, Hashable {
    /// Text.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// True or false.
    case bool(Bool)
  }

  /// The name, such as `http.route`.
  public let name: String
  /// The value.
  public let value: Value

  /// Text.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = .string(value)
  }

  /// A whole number.
  public init(_ name: String, _ value: Int64) {
    self.name = name
    self.value = .integer(value)
  }

  /// True or false.
  public init(_ name: String, _ value: Bool) {
    self.name = name
    self.value = .bool(value)
  }
}
