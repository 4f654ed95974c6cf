public import RedisWire
public import Service
internal import Transport

/// Where the queues are and what bounds them: the settings that every program over them shares.
public struct StoreSettings: Sendable {
  /// Where Redis is.
  public let redis: RedisURL
  /// Whom TLS believes, and what it shows; nil for a server without.
  private let security: TLSContext?
  /// The keys under KEY_PREFIX.
  public let keys: Keys
  /// The queues and their order.
  public let order: QueueOrder
  /// The kinds that exist here.
  public let kinds: Kinds
  /// How long ended jobs are kept.
  public let retention: Retention
  /// The longest payload, in bytes.
  public let maxPayloadBytes: Int
  /// Attempts of a job that does not say.
  public let maxAttempts: Int

  /// Reads them.
  public init(_ reader: inout ConfigurationReader, in deployment: Deployment) {
    reader.section("Redis and queues")
    redis = Self.redis(&reader)
    security = Self.security(&reader, of: redis)
    keys =
      reader.value(
        "KEY_PREFIX", "what every key begins with", default: Keys.standard.prefix,
        expected: "1 to 32 of A-Z a-z 0-9 _ - ."
      ) { Keys(prefix: $0) } ?? .standard
    let testKinds = reader.bool("TEST_KINDS", "offer the test.* kinds", default: false)
    if testKinds && deployment.isStrict { reader.reject("TEST_KINDS", expected: "false when APP_ENV is \(deployment)") }
    kinds = Kinds(testKinds: testKinds)
    order = Self.order(&reader, testKinds: testKinds)
    retention = Retention(
      resultMs: reader.milliseconds("RESULT_TTL", "how long results are kept", default: .seconds(86_400)),
      deadMs: reader.milliseconds("DEAD_RETENTION", "how long dead letters are kept", default: .seconds(7_776_000)),
      doneMax: Int64(
        reader.int("DONE_MAX", "ended jobs kept in a queue", default: 1_000_000, in: 0...1_000_000_000)),
      deadMax: Int64(reader.int("DEAD_MAX", "dead letters kept in a queue", default: 100_000, in: 0...1_000_000_000)))
    maxPayloadBytes = reader.byteSize(
      "MAX_PAYLOAD_BYTES", "longest payload", default: 1 << 20, in: 1...(64 << 20))
    maxAttempts = reader.int("MAX_ATTEMPTS", "attempts of a job that does not say", default: 5, in: JobLimits.attempts)
  }

  /// How a client reaches Redis; everything else has its default.
  ///
  /// - Parameter name: what `CLIENT LIST` shows.
  public func connection(named name: String) -> RedisOptions {
    RedisOptions(url: redis, clientName: name, security: security)
  }

  private static func redis(_ reader: inout ConfigurationReader) -> RedisURL {
    let standard = RedisURL(.tcp(host: "localhost", port: 6379))
    let url = reader.url(
      "REDIS_URL", "where Redis is", default: "redis://localhost:6379/0",
      expected: "redis://[user[:password]@]host[:port][/db], rediss:// for TLS, or unix:///path"
    ) { text -> RedisURL? in
      do { return try RedisURL(text) } catch { return nil }
    }
    return url ?? standard
  }

  private static func security(_ reader: inout ConfigurationReader, of url: RedisURL) -> TLSContext? {
    let authorities = reader.file(
      "REDIS_CA_FILE", "authorities that rediss:// believes, PEM; the system's when not set")
    let certificate = reader.file("REDIS_CERT_FILE", "certificate to show to Redis, PEM")
    let key = reader.file("REDIS_KEY_FILE", "key of that certificate, PEM")
    if certificate == nil, key != nil { reader.missing("REDIS_CERT_FILE", because: "REDIS_KEY_FILE is set") }
    if key == nil, certificate != nil { reader.missing("REDIS_KEY_FILE", because: "REDIS_CERT_FILE is set") }
    guard url.isTLS else {
      // Whoever sets one of these believes that the connection is encrypted.
      for (name, value) in [("REDIS_CA_FILE", authorities), ("REDIS_CERT_FILE", certificate), ("REDIS_KEY_FILE", key)]
      where value != nil {
        reader.reject(name, expected: "a REDIS_URL of rediss://, as nothing is encrypted without")
      }
      return nil
    }
    do throws(TransportError) {
      guard let certificate, let key else { return try TLSContext(authorities: authorities) }
      return try TLSContext(authorities: authorities, identity: .init(certificate: certificate, key: key))
    } catch {
      reader.reject(
        certificate == nil ? "REDIS_CA_FILE" : "REDIS_CERT_FILE", expected: "files that TLS can use: \(error)")
      return nil
    }
  }

  private static func order(_ reader: inout ConfigurationReader, testKinds: Bool) -> QueueOrder {
    let standard = testKinds ? "proof,memory,test" : "proof,memory"
    let order = reader.value(
      "QUEUES", "queues, with weights (a:6,b:3) or strict:a,b", default: standard,
      expected: "queue names with commas, a weight from 1 to 1000 after a colon, or strict: in front"
    ) { text -> QueueOrder? in
      do { return try QueueOrder(parsing: text) } catch { return nil }
    }
    guard let order else { preconditionFailure("the default of QUEUES is no order") }
    return order
  }
}

extension ConfigurationReader {
  /// A duration of at least a second, in milliseconds.
  fileprivate mutating func milliseconds(_ name: String, _ meaning: String, default standard: Duration) -> Int64 {
    let value = duration(name, meaning, default: standard, in: .seconds(1)...DurationText.longest)
    return value.wholeMilliseconds
  }
}
