/// The caller's place in a distributed trace: W3C Trace Context, header `traceparent`.
///
/// See https://www.w3.org/TR/trace-context/#traceparent-header.
public struct TraceContext: Sendable, Hashable {
  /// The upper and lower half of the trace id; not both 0.
  public let trace: (high: UInt64, low: UInt64)
  /// The id of the calling span; not 0.
  public let span: UInt64
  /// Whether the caller records this trace.
  public let isSampled: Bool

  private init(valid trace: (high: UInt64, low: UInt64), span: UInt64, isSampled: Bool) {
    self.trace = trace
    self.span = span
    self.isSampled = isSampled
  }

  /// A new trace from 24 random bytes; nil when there are fewer, or when an id would be all zero.
  public init?(random: [UInt8], isSampled: Bool = false) {
    guard random.count >= 24 else { return nil }
    let high = TraceContext.integer(random[0..<8])
    let low = TraceContext.integer(random[8..<16])
    let span = TraceContext.integer(random[16..<24])
    self.init(trace: (high, low), span: span, isSampled: isSampled)
  }

  /// A context of known ids; nil when the trace id or the span id is 0, which stands for none.
  public init?(trace: (high: UInt64, low: UInt64), span: UInt64, isSampled: Bool = false) {
    guard trace.high | trace.low != 0, span != 0 else { return nil }
    self.init(valid: trace, span: span, isSampled: isSampled)
  }

  /// Reads a `traceparent`; nil when it is not valid, and then a new trace begins.
  ///
  /// Version 00 has exactly 55 characters; a later version may go on after a hyphen; ff is never valid. Upper-case digits and
  /// ids of all zeros are refused, as the specification says.
  public init?(traceparent: some Collection<UInt8>) {
    let bytes = Array(traceparent.prefix(256))
    let hyphen = UInt8(ascii: "-")
    guard bytes.count >= 55, bytes[2] == hyphen, bytes[35] == hyphen, bytes[52] == hyphen,
      let version = TraceContext.hexadecimal(bytes[0..<2]), version != 0xFF,
      let high = TraceContext.hexadecimal(bytes[3..<19]), let low = TraceContext.hexadecimal(bytes[19..<35]),
      let span = TraceContext.hexadecimal(bytes[36..<52]), let flags = TraceContext.hexadecimal(bytes[53..<55]),
      high | low != 0, span != 0
    else { return nil }
    if bytes.count > 55 {
      guard version > 0, bytes[55] == hyphen else { return nil }
    }
    self.init(valid: (high, low), span: span, isSampled: flags & 1 != 0)
  }

  /// Reads a `traceparent` from text.
  public init?(_ traceparent: String) { self.init(traceparent: traceparent.utf8) }

  /// The same trace with a span of our own from 8 random bytes; the span stays when there are fewer or all are zero.
  public func child(random: [UInt8]) -> TraceContext {
    let span = random.count >= 8 ? TraceContext.integer(random[0..<8]) : 0
    return TraceContext(valid: trace, span: span != 0 ? span : self.span, isSampled: isSampled)
  }

  /// The same trace with a span that follows from this one and `number`: whoever knows both knows the span, so that a
  /// process can name the span of another one that it has never heard of, such as that of a job's run before.
  ///
  /// Different numbers give different spans: the mixing is a bijection, and only the one that gives 0 is moved to 1.
  public func descendant(_ number: UInt64) -> TraceContext {
    // SplitMix64's finalizer, started at this span (https://prng.di.unimi.it/splitmix64.c).
    var mixed = span &+ number &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return TraceContext(valid: trace, span: mixed == 0 ? 1 : mixed, isSampled: isSampled)
  }

  /// The same place, recorded or not.
  public func sampled(_ isSampled: Bool) -> TraceContext {
    TraceContext(valid: trace, span: span, isSampled: isSampled)
  }

  /// The trace id, 32 hexadecimal digits: the field `traceId` of log lines.
  public var traceID: String { TraceContext.digits(trace.high) + TraceContext.digits(trace.low) }
  /// The span id, 16 hexadecimal digits.
  public var spanID: String { TraceContext.digits(span) }
  /// The header's value, in version 00.
  public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

  /// Whether trace, span and flag are the same.
  public static func == (a: TraceContext, b: TraceContext) -> Bool {
    a.trace == b.trace && a.span == b.span && a.isSampled == b.isSampled
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(trace.high)
    hasher.combine(trace.low)
    hasher.combine(span)
    hasher.combine(isSampled)
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - 48)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - 87)
      default: return nil
      }
    }
    return value
  }

  private static func digits(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
