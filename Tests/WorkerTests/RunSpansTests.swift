import Jobs
import Service
import TestSupport
import Testing
import Tracing

@testable import Worker

@Suite("Spans of deliveries")
struct RunSpansTests {
  private let caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  private func span(
    token: Int64 = 1, traceparent: String?, _ end: Completion.End = .success([]),
    settled: Settlement.End = .success([])
  ) throws -> Span? {
    var record = JobRecord(id: try #require(JobID("test.01ARZ3NDEKTSV4RRFFQ69G5FAV")))
    record.kind = "test.noop"
    record.attempts = 2
    record.payload = Array(#"{"canary":"payload"}"#.utf8)
    record.options.traceparent = traceparent
    return RunSpans.span(
      of: ClaimedJob(token: token, record: record), Completion(end: end), settled, kind: "test.noop",
      ran: .milliseconds(3))
  }

  private func value(_ name: String, _ span: Span) -> SpanAttribute.Value? {
    span.attributes.first { $0.name == name }?.value
  }

  @Test("a delivery is a part of the span that the job was put in with")
  func parent() throws {
    let span = try #require(try span(traceparent: caller))
    #expect(span.context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && span.parent == 0x00F0_67AA_0BA9_02B7)
    #expect(span.kind == .consumer && span.name == "process test" && span.links.isEmpty && !span.isError)
    #expect(span.endNanoseconds - span.startNanoseconds == 3_000_000)
    #expect(value("messaging.message.id", span) == .string("test.01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    #expect(value("messaging.destination.name", span) == .string("test"))
    #expect(value("messaging.operation.type", span) == .string("process"))
    #expect(value("whispercache.job.attempt", span) == .integer(3))
    #expect(value("whispercache.job.outcome", span) == .string("succeeded"))
  }

  @Test("a later delivery links to the one before, whoever ran it")
  func links() throws {
    let spans = try (1...4).map { try #require(try span(token: $0, traceparent: caller)) }
    for (before, after) in zip(spans, spans.dropFirst()) { #expect(after.links == [before.context]) }
    #expect(Set(spans.map(\.context)).count == 4 && Set(spans.map(\.parent)).count == 1)
  }

  @Test("what the caller does not record is not recorded; a job without a trace begins one")
  func sampling() throws {
    #expect(try span(traceparent: String(caller.dropLast()) + "0") == nil)
    let own = try #require(try span(traceparent: nil))
    #expect(own.parent == nil && own.context.isSampled)
    #expect(own.context.traceID == "01563e3ab5d3d6764c61efb99302bd5b")
    let second = try #require(try span(token: 2, traceparent: nil))
    #expect(second.links == [own.context])
  }

  @Test("a failure says its code and nothing of its message")
  func failures() throws {
    let cases: [(Completion.End, Settlement.End, String?)] = [
      (.failed(.retryable(code: "no_disk", "canary")), .retry(afterMs: 1, error: "no_disk: canary"), "no_disk"),
      (.failed(.permanent(code: "wrong", "canary")), .dead(.permanent, error: "wrong: canary"), "wrong"),
      (.failed(.stopped), .retry(afterMs: 1, error: "timeout: canary"), "timeout"),
      (.failed(.stopped), .dead(.timeout, error: "timeout: canary"), "timeout"),
      (.unknownKind, .dead(.unknownKind, error: "canary"), "unknown_kind"),
      (.failed(.stopped), .cancelled, nil), (.failed(.stopped), .release(afterMs: 0), nil),
    ]
    for (end, settled, code) in cases {
      let span = try #require(try span(traceparent: caller, end, settled: settled))
      #expect(value("error.type", span) == code.map { .string($0) } && span.isError == (code != nil), "\(end)")
      #expect(!"\(span)".contains("canary"))
    }
  }
}
