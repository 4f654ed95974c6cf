import HTTPWire
import Service
import TestSupport
import Testing
import Transport

@testable import Tracing

@Suite("The exporter of spans")
@EventLoop
struct SpanExporterTests {
  /// A receiver that answers as it is told and keeps what it got.
  @EventLoop
  private final class Receiver {
    var answers: [HTTPResponse] = []
    var bodies: [JSONTree] = []
    var tokens: [String?] = []
    let port: Int
    private let server: HTTPServer

    init() throws {
      var router = Router()
      let received = Received()
      router.on(.post, "/v1/traces") { request in try received.owner.take(request) }
      server = HTTPServer(router: router)
      port = try server.listen(on: .tcp(host: "127.0.0.1", port: 0))
      received.receiver = self
    }

    /// Breaks the circle between a server and its routes.
    @EventLoop
    private final class Received {
      weak var receiver: Receiver?
      var owner: Receiver { get throws { try #require(receiver) } }
    }

    private func take(_ request: HTTPRequest) throws -> HTTPResponse {
      bodies.append(try JSONTree(String(decoding: request.body, as: UTF8.self)))
      tokens.append(request.headers["api-key"])
      return answers.isEmpty ? .json(Array("{}".utf8)) : answers.removeFirst()
    }

    /// The ids of the spans that came, request by request.
    var spans: [[String]] {
      bodies.map { body in
        body["resourceSpans"][0]["scopeSpans"][0]["spans"].elements.compactMap { $0["spanId"].string }
      }
    }

    func stop() async { await server.shutdown(within: .seconds(1)) }
  }

  private let metrics = MetricsRegistry()

  private func exporter(port: Int, _ change: (inout SpanBatcher.Limits) -> Void = { _ in }) throws -> SpanExporter {
    var limits = SpanBatcher.Limits()
    limits.delayMs = 1
    limits.backoffMs = 2
    change(&limits)
    let url = try #require(HTTPURL("http://127.0.0.1:\(port)"))
    return SpanExporter(
      .init(url: url, headers: ["api-key": "sesame"]), service: "s",
      resource: [SpanAttribute("service.instance.id", "i")], metrics: metrics, log: .silent, limits: limits)
  }

  private func metric(_ line: String) -> Bool {
    String(decoding: metrics.exposition(), as: UTF8.self).split(separator: "\n").contains { $0 == line }
  }

  private func id(_ number: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  @Test("spans arrive with fields and resource; those of traces that nobody records do not")
  func arrive() async throws {
    let receiver = try Receiver()
    let exporter = try exporter(port: receiver.port)
    #expect(metric("whispercache_spans_exported_total 0"))
    for loss in SpanBatcher.Loss.allCases {
      #expect(metric(#"whispercache_spans_dropped_total{reason="\#(loss.rawValue)"} 0"#))
    }
    exporter.record(try .numbered(1))
    exporter.record(try .numbered(2, isSampled: false))
    try await eventually("a request comes") { receiver.bodies.count == 1 }
    #expect(receiver.spans == [[id(1)]] && receiver.tokens == ["sesame"])
    let attributes = receiver.bodies[0]["resourceSpans"][0]["resource"]["attributes"].elements
    let values = Dictionary(
      uniqueKeysWithValues: attributes.map { ($0["key"].string ?? "", $0["value"]["stringValue"].string) })
    #expect(values["service.name"] == "s" && values["service.instance.id"] == "i", "\(values)")
    await exporter.close(within: .seconds(5))
    #expect(metric("whispercache_spans_exported_total 1"))
    await receiver.stop()
  }

  @Test("a busy receiver gets the batch again; a batch that it refuses is dropped and counted")
  func retry() async throws {
    let receiver = try Receiver()
    receiver.answers = [
      HTTPResponse(status: .tooManyRequests, headers: ["Retry-After": "0"]), HTTPResponse(status: .unavailable),
      .json(Array(#"{"partialSuccess":{"rejectedSpans":"1"}}"#.utf8)), HTTPResponse(status: .badRequest),
    ]
    let exporter = try exporter(port: receiver.port) { $0.batch = 2 }
    for number in 1...4 { exporter.record(try .numbered(UInt64(number))) }
    try await eventually("four requests come") { receiver.bodies.count == 4 }
    let first = [id(1), id(2)]
    #expect(receiver.spans == [first, first, first, [id(3), id(4)]])
    await exporter.close(within: .seconds(5))
    #expect(metric("whispercache_spans_exported_total 1"))
    #expect(metric(#"whispercache_spans_dropped_total{reason="refused"} 3"#))
    await receiver.stop()
  }

  @Test("closing sends what waits without waiting for more")
  func close() async throws {
    let receiver = try Receiver()
    let exporter = try exporter(port: receiver.port) {
      $0.delayMs = 3_600_000
      $0.batch = 100
    }
    for number in 1...250 { exporter.record(try .numbered(UInt64(number))) }
    await exporter.close(within: .seconds(30))
    #expect(receiver.spans.map(\.count) == [100, 100, 50])
    #expect(Set(receiver.spans.joined()).count == 250)
    exporter.record(try .numbered(1))
    #expect(metric(#"whispercache_spans_dropped_total{reason="unavailable"} 1"#))
    await receiver.stop()
  }

  @Test("nobody there: spans are dropped beyond the bound, and closing ends")
  func nobody() async throws {
    let exporter = try exporter(port: try FreePort.next()) { $0.queue = 10 }
    for number in 1...100 { exporter.record(try .numbered(UInt64(number))) }
    await exporter.close(within: .seconds(30))
    #expect(metric(#"whispercache_spans_dropped_total{reason="full"} 90"#))
    #expect(metric(#"whispercache_spans_dropped_total{reason="unavailable"} 10"#))
    #expect(metric("whispercache_spans_exported_total 0"))
  }

  @Test("a receiver that takes and never answers holds the end for no longer than it may")
  func silent() async throws {
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { _ in }
    let exporter = try exporter(port: listener.port)
    exporter.record(try .numbered(1))
    await exporter.close(within: .milliseconds(20))
    #expect(metric(#"whispercache_spans_dropped_total{reason="unavailable"} 1"#))
    listener.close()
  }
}
