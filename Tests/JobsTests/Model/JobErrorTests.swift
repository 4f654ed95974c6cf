import RedisWire
import Testing

@testable import Jobs

@Suite("Errors")
struct JobErrorTests {
  static let all: [JobError] = [
    .storeUnavailable(.closed(sent: true)), .outOfMemory, .queueFull(.proof), .notFound(.numbered(1)),
    .payloadGone(.numbered(1)), .conflict(.numbered(1), .running),
    .unexpectedReply(script: "claim", detail: "no array"),
    .seal(code: "authentication_failed", detail: "the key is another"),
    .invalidSetting(name: "lease_ms", expected: "1s to 24h"),
  ]

  @Test("each has a slug of its own and says what to do", arguments: all)
  func speaks(_ error: JobError) {
    #expect(error.code.wholeMatch(of: /[a-z_]+/) != nil && error.description.count > 20)
    #expect(Self.all.filter { $0.code == error.code }.count == 1)
  }

  @Test("what Redis refuses for its memory is not an unavailable store")
  func outOfMemory() {
    #expect(JobError(.server(code: "OOM", message: "command not allowed")) == .outOfMemory)
    #expect(JobError(.timeout(sent: true)) == .storeUnavailable(.timeout(sent: true)))
  }

  @Test("only what may heal by itself is to be tried again")
  func retryable() {
    #expect(Self.all.filter(\.isRetryable).map(\.code) == ["store_unavailable", "store_full", "queue_full"])
    #expect(!JobError.storeUnavailable(.server(code: "WRONGTYPE", message: "")).isRetryable)
  }
}
