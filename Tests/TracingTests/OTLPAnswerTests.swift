import TestSupport
import Testing
import Tracing

@Suite("What a receiver of spans answers")
struct OTLPAnswerTests {
  private func read(_ status: Int, _ retryAfter: String? = nil, _ body: String = "") -> OTLPAnswer {
    OTLPAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8))
  }

  @Test(
    "a success may reject some",
    arguments: [
      ("", 0), ("{}", 0), ("no json", 0), (#"{"partialSuccess":{}}"#, 0),
      (#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}}"#, 3),
      (#"{"partialSuccess":{"rejectedSpans":4}}"#, 4),
      (#"{"partialSuccess":{"rejectedSpans":"-1"}}"#, 0), (#"{"partialSuccess":{"rejectedSpans":"9e9"}}"#, 0),
      (#"{"partialSuccess":{"rejectedSpans":[]}}"#, 0), (#"{"partialSuccess":7}"#, 0),
    ])
  func partial(body: String, rejected: Int) {
    #expect(read(200, nil, body) == .accepted(rejected: rejected))
  }

  @Test("only what the specification calls so may be tried again")
  func retryable() {
    for status in 100..<600 {
      let expected: OTLPAnswer =
        switch status {
        case 200..<300: .accepted(rejected: 0)
        case 429, 502, 503, 504: .tryLater(afterMs: nil)
        default: .refused
        }
      #expect(read(status) == expected, "\(status)")
    }
  }

  @Test("Retry-After counts in seconds, two minutes at most; a date or nonsense is as if there were none")
  func retryAfter() {
    #expect(read(503, "7") == .tryLater(afterMs: 7000) && read(429, "0") == .tryLater(afterMs: 0))
    #expect(read(503, "\(Int64.max)") == .tryLater(afterMs: OTLPAnswer.longestWaitMs))
    for text in ["-1", "", "Wed, 21 Oct 2026 07:28:00 GMT", "1.5", "99999999999999999999"] {
      #expect(read(503, text) == .tryLater(afterMs: nil), "\(text)")
    }
    #expect(read(400, "7") == .refused)
  }
}
