internal import JSONWire
internal import Service

/// Spans as the body of an export: OTLP's ExportTraceServiceRequest in JSON.
///
/// Its JSON is protobuf's with exceptions: ids are hexadecimal, enumerations numbers, 64-bit integers strings. See
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
public struct OTLPTraceDocument: Sendable {
  /// Which program speaks.
  public let resource: [SpanAttribute]

  /// Documents of one program.
  ///
  /// - Parameter resource: what is true of all its spans, `service.name` above all.
  public init(resource: [SpanAttribute]) { self.resource = resource }

  /// The JSON text.
  ///
  /// - Complexity: O(length); some 700 bytes a span.
  public func bytes(_ spans: [Span]) -> [UInt8] {
    var writer = JSONWriter(capacity: 512 + spans.count * 800)
    writer.object { writer in
      writer.array("resourceSpans") { writer in
        writer.object { writer in
          writer.object("resource") { Self.write(resource, to: &$0) }
          writer.array("scopeSpans") { writer in
            writer.object { writer in
              writer.object("scope") { $0.field("name", "whispercache") }
              writer.array("spans") { writer in
                for span in spans { writer.object { Self.write(span, to: &$0) } }
              }
            }
          }
        }
      }
    }
    return writer.bytes
  }

  private static func write(_ span: Span, to writer: inout JSONWriter) {
    writer.field("traceId", span.context.traceID)
    writer.field("spanId", span.context.spanID)
    if let parent = span.parent { writer.field("parentSpanId", hexadecimal(parent)) }
    // The low byte is the W3C flags: sampled, as what is not is not recorded.
    writer.field("flags", span.context.isSampled ? 1 : 0)
    writer.field("name", span.name)
    writer.field("kind", span.kind.rawValue)
    writer.field("startTimeUnixNano", String(span.startNanoseconds))
    writer.field("endTimeUnixNano", String(span.endNanoseconds))
    write(span.attributes, to: &writer)
    if !span.links.isEmpty {
      writer.array("links") { writer in
        for link in span.links {
          writer.object { writer in
            writer.field("traceId", link.traceID)
            writer.field("spanId", link.spanID)
            writer.field("flags", link.isSampled ? 1 : 0)
          }
        }
      }
    }
    // 0 is unset, which an instrumentation leaves; 2 is error. 1 is for whoever overrides.
    writer.object("status") { if span.isError { $0.field("code", 2) } }
  }

  private static func write(_ attributes: [SpanAttribute], to writer: inout JSONWriter) {
    writer.array("attributes") { writer in
      for attribute in attributes {
        writer.object { writer in
          writer.field("key", attribute.name)
          writer.object("value") { writer in
            switch attribute.value {
            case .string(let text): writer.field("stringValue", text)
            case .integer(let number): writer.field("intValue", String(number))
            case .bool(let flag): writer.field("boolValue", flag)
            }
          }
        }
      }
    }
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
