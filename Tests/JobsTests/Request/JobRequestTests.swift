import JSONWire
import TestSupport
import Testing

@testable import Jobs

@Suite("Requests")
struct JobRequestTests {
  static let reader = JobRequestReader(kinds: Kinds(testKinds: true), maxPayloadBytes: 1000)

  private func read(_ text: String, from source: JobRequestReader.Source = .request) throws -> JobRequest {
    try Self.reader.read(Array(text.utf8), from: source)
  }

  private func problems(_ text: String, from source: JobRequestReader.Source = .request) -> [String] {
    do {
      _ = try Self.reader.read(Array(text.utf8), from: source)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("kind and payload are enough")
  func least() throws {
    let request = try read(#"{"kind":"test.noop","payload":{}}"#)
    #expect(request == JobRequest(kind: .noop, payload: Array("{}".utf8), queue: QueueName("test")!))
    #expect(request.start == .now && request.priority == .normal && request.options.isEmpty && request.unique == nil)
  }

  @Test("every field is read")
  func most() throws {
    let request = try read(
      #"""
      {"kind":"proof.policy","payload":[1],"queue":"slow","priority":"high","run_at":null,"delay":"5s","max_attempts":7,
      "timeout":"60s","result_ttl":"24h","unique":{"key":"k","ttl":"1h"},"backoff":{"base":"500ms","max":"1m"}}
      """#)
    #expect(request.queue.text == "slow" && request.priority == .high && request.start == .afterMs(5000))
    #expect(request.unique == .init(key: "k", ttlMs: 3_600_000) && request.options.maxAttempts == 7)
    #expect(request.options.timeoutMs == 60_000 && request.options.resultTTLMs == 86_400_000)
    #expect(request.options.backoffBaseMs == 500 && request.options.backoffMaxMs == 60_000)
  }

  @Test("the payload passes byte for byte")
  func payload() throws {
    let payload = "{ \"n\" :123456789012345678901234567890, \"e\":1e400,\n\"t\":[ [],{} ],\"u\":\"\\u00e9\u{e9}\" }"
    let request = try read(#"{"payload": \#(payload) ,"kind":"test.noop"}"#)
    #expect(String(decoding: request.payload, as: UTF8.self) == payload)
    for other in ["null", "7", "\"text\"", "[]", "false"] {
      #expect(try read(#"{"kind":"test.noop","payload":\#(other)}"#).payload == Array(other.utf8))
    }
  }

  @Test("times are RFC 3339 with any offset")
  func runAt() throws {
    let text = #"{"kind":"test.noop","payload":{},"run_at":"2026-11-23T10:30:00.250+01:00"}"#
    #expect(try read(text).start == .atMs(1_795_426_200_250))
    #expect(try read(text.replacing("2026", with: "0001")).start == .atMs(0))
  }

  static let refused: [(String, [String])] = [
    ("{}", ["/kind: missing", "/payload: missing"]),
    ("[]", [": expected an object, not an array of 0 elements"]),
    (#"{"kind":7,"payload":{}}"#, ["/kind: expected a string, not an integer of 1 bytes"]),
    (#"{"kind":"test.nop","payload":{}}"#, [#"/kind: unknown kind; did you mean "test.noop"?"#]),
    (#"{"kind":"who.knows","payload":{}}"#, ["/kind: unknown kind"]),
    (#"{"kind":"Test","payload":{}}"#, ["/kind: expected \(KindName.expected)"]),
    (#"{"kind":"test.noop","payload":{},"que~/ue":1}"#, ["/que~0~1ue: unknown field"]),
    (#"{"kind":"test.noop","payload":{},"queue":"A B"}"#, ["/queue: expected \(QueueName.expected)"]),
    (
      #"{"kind":"test.noop","payload":{},"priority":"low"}"#,
      [#"/priority: expected one of "normal", "high", not a string of 3 bytes"#]
    ),
    (
      #"{"kind":"test.noop","payload":{},"run_at":"now"}"#,
      ["/run_at: expected an RFC 3339 time such as 2026-11-23T09:30:00Z"]
    ),
    (
      #"{"kind":"test.noop","payload":{},"run_at":"2026-01-01T00:00:00Z","delay":"1s"}"#,
      ["/run_at: give either run_at or delay"]
    ),
    (
      #"{"kind":"test.noop","payload":{},"max_attempts":0}"#,
      ["/max_attempts: expected an integer, 1 to 100, not an integer of 1 bytes"]
    ),
    (
      #"{"kind":"test.noop","payload":{},"max_attempts":101}"#,
      ["/max_attempts: expected an integer, 1 to 100, not an integer of 3 bytes"]
    ),
    (
      #"{"kind":"test.noop","payload":{},"timeout":"2d"}"#,
      ["/timeout: expected a duration of 1ms to 24h, not a string of 2 bytes"]
    ),
    (#"{"kind":"test.noop","payload":{},"delay":"-5s"}"#, ["/delay: expected a duration"]),
    (#"{"kind":"test.noop","payload":{},"delay":5}"#, ["/delay: expected a duration"]),
    (#"{"kind":"test.noop","payload":{},"result_ttl":"0s"}"#, ["/result_ttl: expected a duration of 1s to 90d"]),
    (#"{"kind":"test.noop","payload":{},"unique":{}}"#, ["/unique/key: missing", "/unique/ttl: missing"]),
    (#"{"kind":"test.noop","payload":{},"unique":{"key":"k","ttl":null}}"#, ["/unique/ttl: expected a duration"]),
    (
      #"{"kind":"test.noop","payload":{},"unique":{"key":"","ttl":"1s"}}"#,
      ["/unique/key: expected a string of 1 to 256 bytes"]
    ),
    (#"{"kind":"test.noop","payload":{},"backoff":{"base":"2s","max":"1s"}}"#, ["/backoff/base: is longer than max"]),
    (#"{"kind":"test.noop","payload":{},"backoff":{"bas":"2s"}}"#, ["/backoff/bas: unknown field"]),
    (
      #"{"kind":"test.noop","payload":{},"durability":"replicated"}"#,
      ["/durability: a durability for one job is not offered yet"]
    ),
  ]

  @Test("every problem is told with its pointer", arguments: refused)
  func refuses(_ text: String, _ expected: [String]) {
    let found = problems(text)
    #expect(found.count == expected.count, "\(found)")
    for (problem, beginning) in zip(found, expected) {
      #expect(problem.hasPrefix(beginning) || ": " + problem == beginning, "\(problem)")
    }
  }

  @Test("all problems at once")
  func several() {
    let text = #"{"kind":"no","max_attempts":-1,"delay":"x","zzz":1}"#
    #expect(problems(text).count == 5)
  }

  @Test("what is no JSON is told as such")
  func noJSON() {
    for text in ["", "{", "{\"kind\":\"test.noop\",\"payload\":{}}x", "\u{FEFF}{}"] {
      #expect(throws: JobRequestError.self) { try self.read(text) }
    }
    #expect(throws: JobRequestError.self) { try Self.reader.read([0xFF]) }
  }

  @Test("a payload above its limit is refused, one at the limit is not")
  func limit() throws {
    let most = "\"" + String(repeating: "x", count: 998) + "\""
    #expect(try read(#"{"kind":"test.noop","payload":\#(most)}"#).payload.count == 1000)
    #expect(throws: JobRequestError.payloadTooLarge(bytes: 1001, limit: 1000)) {
      try self.read(#"{"kind":"test.noop","payload":\#(most.dropLast())x"}"#)
    }
  }

  @Test("an element of a list may have a kind that is not known here, but no other queue and no unique key")
  func elements() throws {
    let home = JobRequestReader.Source.element(of: .proof)
    #expect(try read(#"{"kind":"who.knows","payload":{}}"#, from: home).queue == .proof)
    #expect(try read(#"{"kind":"test.noop","payload":{},"queue":"proof"}"#, from: home).queue == .proof)
    #expect(problems(#"{"kind":"test.noop","payload":{},"queue":"memory"}"#, from: home).count == 1)
    #expect(problems(#"{"kind":"test.noop","payload":{},"unique":{"key":"k","ttl":"1s"}}"#, from: home).count == 1)
  }

  @Test("no problem repeats what is inside the payload or a value")
  func discretion() {
    let secret = "s3cr3t"
    for text in [
      #"{"kind":"test.noop","payload":{"a":"\#(secret)"},"delay":"\#(secret)","max_attempts":"\#(secret)"}"#,
      #"{"kind":"\#(secret)","payload":"\#(secret)","unique":{"key":7,"ttl":"\#(secret)"},"priority":"\#(secret)"}"#,
      #"{"kind":"memory.store","payload":{"content":"\#(secret)"#,
    ] {
      #expect(!problems(text).isEmpty && problems(text).allSatisfy { !$0.contains(secret) }, "\(problems(text))")
    }
  }

  @Test("no bytes make reading trap, and what is read again gives the same")
  func fuzz() {
    var random = SeededGenerator()
    let seeds = [
      #"{"kind":"test.noop","payload":{"a":[1,2]},"delay":"5s","unique":{"key":"k","ttl":"1h"},"max_attempts":3}"#,
      #"{"kind":"proof.policy","payload":"wcs1.abc","run_at":"2026-11-23T10:30:00Z","backoff":{"base":"1s"}}"#,
    ].map { Array($0.utf8) }
    for round in 0..<50_000 {
      let text = random.mutate(seeds[round % 2])
      for source in [JobRequestReader.Source.request, .element(of: .proof)] {
        guard let request = try? Self.reader.read(text, from: source) else { continue }
        #expect(request.payload.count <= 1000, "\(random)")
      }
    }
  }
}
