import Jobs
import Service
import Tracing

/// The settings of the producer.
struct ProducerConfiguration: Sendable {
  let deployment: Deployment
  let store: StoreSettings
  let keys: KeySettings
  let maxQueueDepth: Int64
  let port: Int
  /// nil: metrics and probes are served on the main port alone.
  let metricsPort: Int?
  let servesMetrics: Bool
  let bindAddress: String
  let maxConnections: Int
  let origins: AllowedOrigins
  let proxies: TrustedProxies
  let access: AccessSettings
  let limits: LimitSettings
  let shutdownTimeout: Duration
  let log: LogSettings
  let tracing: TracingSettings

  static let program = ProgramDescription(
    name: "producer",
    summary: "Takes jobs over HTTP, puts them into Redis, hands their results out.",
    examples: [
      ("APP_ENV=development REDIS_URL=redis://localhost:6379/0 producer", "on a developer's machine"),
      ("producer --app-env development --port 0 --log-format text", "on a free port"),
      ("producer --check", "try the settings and leave"),
    ])

  init(_ reader: inout ConfigurationReader) {
    deployment = Deployment(&reader)
    store = StoreSettings(&reader, in: deployment)
    maxQueueDepth = Int64(
      reader.int(
        "MAX_QUEUE_DEPTH", "most jobs that may wait in a queue; 0 is no limit", default: 10_000_000,
        in: 0...1_000_000_000))
    keys = KeySettings(&reader)
    reader.section("HTTP")
    port = reader.int("PORT", "the API; 0 takes a free port", default: 4000, in: 0...65535)
    bindAddress = reader.string("BIND_ADDRESS", "address to listen on", default: "0.0.0.0")
    maxConnections = reader.int("MAX_CONNECTIONS", "most connections", default: 20_000, in: 1...1_000_000)
    origins =
      reader.value(
        "CORS_ORIGINS", "origins whose pages may call the API", default: "localhost",
        expected: AllowedOrigins.expected
      ) { AllowedOrigins($0) } ?? .localhost
    proxies =
      reader.value(
        "TRUSTED_PROXIES", "proxies whose X-Forwarded-For is believed", default: "none",
        expected: TrustedProxies.expected
      ) { TrustedProxies($0) } ?? .none
    shutdownTimeout = reader.duration(
      "SHUTDOWN_TIMEOUT", "how long requests may finish after SIGTERM", default: .seconds(25),
      in: .zero...(.seconds(3600)))
    reader.section("Metrics and logs")
    let metricsPort = reader.intOrOff(
      "METRICS_PORT", "metrics and probes beside those on PORT; 0 takes a free port", default: 9090, in: 0...65535)
    servesMetrics = reader.bool("METRICS_ENABLED", "serve metrics, and METRICS_PORT at all", default: true)
    self.metricsPort = servesMetrics ? metricsPort : nil
    log = LogSettings(&reader)
    if port != 0, port == self.metricsPort {
      reader.reject("METRICS_PORT", expected: "another port than PORT, 0 or off")
    }
    reader.section("Traces")
    tracing = TracingSettings(&reader)
    access = AccessSettings(&reader, in: deployment)
    limits = LimitSettings(&reader)
    checkKeys(&reader)
    reader.passOver(
      "CONCURRENCY", "PROCESSES", "LEASE", "JOB_TIMEOUT", "BACKOFF_BASE", "BACKOFF_MAX", "PROOF_KEYS_DIR")
  }

  /// What production asks of the keys.
  private func checkKeys(_ reader: inout ConfigurationReader) {
    guard deployment.isStrict else { return }
    if keys.payloadKey == nil {
      reader.missing("PAYLOAD_KEY", because: "a producer in \(deployment) seals private payloads with it")
    }
    if keys.encryptionKey != nil {
      reader.reject("ENCRYPTION_KEY", expected: "no value in \(deployment): a producer holds PAYLOAD_KEY alone")
    }
  }
}
