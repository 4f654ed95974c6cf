internal import JSONWire

/// What a job asks for beyond the defaults: the JSON text in the field `opts` of its hash. What is absent is the default.
public struct JobOptions: Sendable, Hashable {
  /// Attempts before it is dead.
  public var maxAttempts: Int?
  /// Time that one attempt may take, in milliseconds.
  public var timeoutMs: Int64?
  /// Time that its result is kept, in milliseconds.
  public var resultTTLMs: Int64?
  /// Longest wait before the second attempt, in milliseconds.
  public var backoffBaseMs: Int64?
  /// Longest wait between attempts, in milliseconds.
  public var backoffMaxMs: Int64?
  /// The W3C trace context of whoever enqueued it.
  public var traceparent: String?
  /// Whom it belongs to: 1 to 128 visible ASCII characters; absent where callers have no names.
  public var owner: String?

  /// Options that ask for nothing.
  public init() {}

  /// Whether nothing differs from the defaults; then the hash has no such field.
  public var isEmpty: Bool { self == JobOptions() }

  /// The JSON text.
  public var encoded: [UInt8] {
    var writer = JSONWriter(capacity: 96)
    writer.object { writer in
      if let maxAttempts { writer.field("max_attempts", maxAttempts) }
      if let timeoutMs { writer.field("timeout_ms", timeoutMs) }
      if let resultTTLMs { writer.field("result_ttl_ms", resultTTLMs) }
      if backoffBaseMs != nil || backoffMaxMs != nil {
        writer.object("backoff") { writer in
          if let backoffBaseMs { writer.field("base_ms", backoffBaseMs) }
          if let backoffMaxMs { writer.field("max_ms", backoffMaxMs) }
        }
      }
      if let traceparent { writer.field("traceparent", traceparent) }
      if let owner { writer.field("owner", owner) }
    }
    return writer.bytes
  }

  /// Reads the JSON text; what is unknown, of another type or out of bounds counts as absent, as another version or a
  /// person may have written it.
  public init(encoded: [UInt8]) {
    guard let root = Self.root(encoded) else { return }
    maxAttempts = root["max_attempts"]?.asInt64.flatMap { value in
      Int(exactly: value).flatMap { JobLimits.attempts.contains($0) ? $0 : nil }
    }
    timeoutMs = Self.number(root["timeout_ms"], JobLimits.timeoutMs)
    resultTTLMs = Self.number(root["result_ttl_ms"], JobLimits.resultTTLMs)
    backoffBaseMs = Self.number(root["backoff"]?["base_ms"], JobLimits.backoffMs)
    backoffMaxMs = Self.number(root["backoff"]?["max_ms"], JobLimits.backoffMs)
    traceparent = root["traceparent"]?.asString.flatMap { $0.utf8.count <= 128 ? $0 : nil }
    owner = root["owner"]?.asString.flatMap { (1...128).contains($0.utf8.count) ? $0 : nil }
  }

  /// The policy of retries, with what is absent taken from `defaults`.
  public func retryPolicy(defaults: RetryPolicy) -> RetryPolicy {
    let base = backoffBaseMs ?? defaults.baseMs
    return RetryPolicy(baseMs: base, maxMs: backoffMaxMs ?? max(base, defaults.maxMs))
  }

  private static func root(_ bytes: [UInt8]) -> JSONValue? {
    do throws(JSONError) {
      return try JSONDocument(bytes).root
    } catch {
      return nil
    }
  }

  private static func number(_ value: JSONValue?, _ range: ClosedRange<Int64>) -> Int64? {
    value?.asInt64.flatMap { range.contains($0) ? $0 : nil }
  }
}
