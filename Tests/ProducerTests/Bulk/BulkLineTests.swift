import HTTPWire
import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("A line of a bulk")
struct BulkLineTests {
  private static let reader = JobRequestReader(kinds: Kinds(testKinds: true), maxPayloadBytes: 1000)

  private static func line(_ text: String) -> BulkLine { BulkLine(Array(text.utf8), reader) }

  private static func pointers(_ line: BulkLine) -> [String] {
    if case .failure(let problem) = line.request { problem.errors.map(\.pointer) } else { [] }
  }

  @Test("a line is a job with a name and a key of its own")
  func whole() throws {
    let line = Self.line(#"{"ref":"a\"1","kind":"test.noop","idempotency_key":"k 1","payload":{"n": 1.0},"queue":"q"}"#)
    #expect(String(decoding: line.ref, as: UTF8.self) == #""a\"1""#)
    #expect(line.key == "k 1")
    let request = try line.request.get()
    #expect(request.queue.text == "q")
    #expect(String(decoding: request.payload, as: UTF8.self) == #"{"n": 1.0}"#)
    let plain = Self.line(#"{"kind":"test.noop","payload":1,"ref":null,"idempotency_key":null}"#)
    #expect(plain.ref.isEmpty)
    #expect(plain.key == nil)
    #expect(try plain.request.get().payload == [UInt8(ascii: "1")])
  }

  @Test(
    "what is wrong is told with its place, and the name is kept",
    arguments: [
      (#"{"kind":"test.noop","payload":1,"ref":1}"#, ["/ref"]),
      (#"{"kind":"test.noop","payload":1,"idempotency_key":""}"#, ["/idempotency_key"]),
      (#"{"kind":"test.noop","payload":1,"idempotency_key":"é"}"#, ["/idempotency_key"]),
      (#"{"kind":"test.noop","ref":"x","refs":1}"#, ["/payload", "/refs"]),
      (#"{"kind":"no","payload":1,"ref":{}}"#, ["/ref", "/kind"]),
      (#"{"a":1}{"b":2}"#, [""]),
      ("nonsense", [""]),
      ("[]", [""]),
      (#""text""#, [""]),
    ])
  func wrong(text: String, pointers: [String]) {
    #expect(Self.pointers(Self.line(text)) == pointers)
  }

  @Test("no mutation of a line ends the process, and one that is taken has a known kind")
  func mutations() throws {
    var random = SeededGenerator()
    let seed = Array(#"{"ref":"a","kind":"test.noop","idempotency_key":"k","payload":{"a":[1,2]},"delay":"5s"}"#.utf8)
    for _ in 0..<100_000 {
      let line = BulkLine(random.mutate(seed), Self.reader)
      if case .success(let request) = line.request {
        #expect(Self.reader.kinds[request.kind] != nil, "\(random)")
      }
    }
  }
}
