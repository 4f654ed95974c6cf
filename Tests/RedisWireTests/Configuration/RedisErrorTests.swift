import RedisWire
import Testing

@Suite("Redis error")
struct RedisErrorTests {
  private static let all: [RedisError] = [
    .connect(address: "h:1", reason: "refused"), .closed(sent: true), .closed(sent: false), .timeout(sent: true),
    .timeout(sent: false), .server(code: "OOM", message: "m"), .cancelled(sent: true), .cancelled(sent: false),
    .overloaded(pending: 3), .unsupported("x"),
  ]

  @Test("every error has a code and a sentence", arguments: all)
  func everyError(error: RedisError) {
    #expect(error.code.hasPrefix("redis_"))
    #expect(!error.description.isEmpty)
  }

  @Test("only what certainly was not sent says so")
  func sent() {
    #expect(
      Self.all.filter { !$0.wasSent }.map(\.code) == [
        "redis_connect", "redis_closed", "redis_timeout", "redis_cancelled", "redis_overloaded", "redis_unsupported",
      ])
  }

  @Test("a server that is busy with itself is worth another try, a wrong command is not")
  func retryable() {
    #expect(RedisError.server(code: "LOADING", message: "").isRetryable)
    #expect(RedisError.closed(sent: true).isRetryable)
    #expect(!RedisError.server(code: "WRONGTYPE", message: "").isRetryable)
    #expect(!RedisError.server(code: "OOM", message: "").isRetryable)
  }
}
