import Service
import TestSupport
import Testing

@testable import Tracing

extension Span {
  /// A span that differs from others in its number alone.
  static func numbered(_ number: UInt64, isSampled: Bool = true) throws -> Span {
    let context = try #require(TraceContext(trace: (1, 2), span: number, isSampled: isSampled))
    return Span("GET /things", .server, context, parent: nil, lasted: .milliseconds(5))
  }

  static func numbered(_ numbers: ClosedRange<UInt64>) throws -> [Span] { try numbers.map { try numbered($0) } }
}
