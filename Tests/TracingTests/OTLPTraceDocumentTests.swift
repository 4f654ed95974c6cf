import Service
import TestSupport
import Testing

@testable import Tracing

@Suite("Spans as OTLP's JSON")
struct OTLPTraceDocumentTests {
  private func span() throws -> Span {
    let context = try #require(TraceContext("00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"))
    var span = Span(
      "process proof", .consumer, context, parent: 0x0EE1_9B7E_C3C1_B173, lasted: .zero,
      attributes: [
        SpanAttribute("messaging.message.id", "proof.1"), SpanAttribute("whispercache.job.attempt", 2),
        SpanAttribute("big", Int64.max), SpanAttribute("flag", true), SpanAttribute("odd", "a\"\n\u{1F600}"),
      ], links: [context.descendant(1)], isError: true)
    span.startNanoseconds = 1_544_712_660_000_000_000
    span.endNanoseconds = .max
    return span
  }

  @Test("the text is the one that the specification's rules give, byte for byte")
  func text() throws {
    let link = try span().links[0]
    let bytes = OTLPTraceDocument(resource: [SpanAttribute("service.name", "worker")]).bytes([try span()])
    let expected =
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"worker"}}]},"#
      + #""scopeSpans":[{"scope":{"name":"whispercache"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","#
      + #""spanId":"eee19b7ec3c1b174","parentSpanId":"0ee19b7ec3c1b173","flags":1,"name":"process proof","kind":5,"#
      + #""startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"18446744073709551615","attributes":["#
      + #"{"key":"messaging.message.id","value":{"stringValue":"proof.1"}},"#
      + #"{"key":"whispercache.job.attempt","value":{"intValue":"2"}},"#
      + #"{"key":"big","value":{"intValue":"9223372036854775807"}},{"key":"flag","value":{"boolValue":true}},"#
      + #"{"key":"odd","value":{"stringValue":"a\"\n😀"}}],"#
      + #""links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"\#(link.spanID)","flags":1}],"#
      + #""status":{"code":2}}]}]}]}"#
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test("OpenTelemetry's own types read it, and find in it what was meant")
  func oracle() async throws {
    let document = OTLPTraceDocument(resource: [SpanAttribute("service.name", "worker")])
    let request = String(decoding: document.bytes([try span(), try .numbered(7)]), as: UTF8.self)
    let answer = try await Oracles.run("otlp_reader", lines: [request, #"{"resourceSpans":[]}"#])
    try #require(answer.count == 2 && answer[1] == "[]", "\(answer)")
    let spans = try JSONTree(answer[0])
    let first = spans[0]
    #expect(first["service"].string == "worker" && first["scope"].string == "whispercache")
    #expect(first["trace"].string == "5b8efff798038103d269b633813fc60c" && first["span"].string == "eee19b7ec3c1b174")
    #expect(first["parent"].string == "0ee19b7ec3c1b173" && first["kind"].string == "SPAN_KIND_CONSUMER")
    #expect(first["start"].string == "1544712660000000000" && first["end"].string == "18446744073709551615")
    #expect(first["attributes"]["big"].int == Int.max && first["attributes"]["flag"].bool == true, "\(first)")
    #expect(first["attributes"]["odd"].string == "a\"\n\u{1F600}" && first["status"].int == 2, "\(first)")
    #expect(try first["links"][0]["span"].string == span().links[0].spanID)
    let second = spans[1]
    #expect(second["parent"].string == "" && second["status"].int == 0 && second["kind"].string == "SPAN_KIND_SERVER")
    #expect(second["links"].elements.isEmpty && second["flags"].int == 1)
  }

  @Test("a span ends now, and began as long before as it lasted")
  func times() throws {
    let before = UInt64(WallClock.nowNanoseconds())
    let context = try span().context
    for (duration, length) in [(Duration.milliseconds(1500), 1_500_000_000), (.zero, 0), (.seconds(-5), 0)] {
      let span = Span("s", .server, context, parent: nil, lasted: duration)
      #expect(span.endNanoseconds >= before && span.endNanoseconds - span.startNanoseconds == UInt64(length))
    }
    let endless = Span("s", .server, context, parent: nil, lasted: .seconds(Int64.max))
    #expect(endless.startNanoseconds <= endless.endNanoseconds)
  }
}
