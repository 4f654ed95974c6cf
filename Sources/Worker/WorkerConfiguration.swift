import Jobs
import Service
import Tracing

/// The settings of the worker.
struct WorkerConfiguration: Sendable {
  let deployment: Deployment
  let store: StoreSettings
  let keys: KeySettings
  let slots: Int
  let leaseMs: Int64
  let timeoutMs: Int64
  let retry: RetryPolicy
  /// How long a root of a user's tree stays among the recent ones.
  let recentRootsMs: Int64
  /// Where proving keys lie; nil makes development keys that end with the process.
  let proofKeysFolder: String?
  let shutdownTimeout: Duration
  let bindAddress: String
  /// nil: no metrics and no probes.
  let metricsPort: Int?
  let log: LogSettings
  let tracing: TracingSettings

  static let program = ProgramDescription(
    name: "worker",
    summary: "Takes jobs from Redis, runs them, writes the results back.",
    examples: [
      ("REDIS_URL=redis://redis:6379/0 ENCRYPTION_KEY_FILE=/run/secrets/key worker", "as in production"),
      ("worker --app-env development --queues proof:6,memory:3 --concurrency 4", "on a developer's machine"),
      ("worker --check", "try the settings and leave"),
      ("worker --app-env development export-circuits keys", "write the circuits for those who make their keys"),
    ], operands: CircuitExport.operands)

  init(_ reader: inout ConfigurationReader) {
    deployment = Deployment(&reader)
    store = StoreSettings(&reader, in: deployment)
    keys = KeySettings(&reader)
    reader.section("Work")
    slots = reader.int("CONCURRENCY", "jobs at once", default: ProcessorLimit.current, in: 1...1024)
    leaseMs = Self.milliseconds(
      &reader, "LEASE", "how long a silent worker keeps its jobs", .seconds(15), .seconds(1)...(.seconds(3600)))
    timeoutMs = Self.milliseconds(
      &reader, "JOB_TIMEOUT", "longest attempt of a job that does not say", .seconds(300),
      .milliseconds(1)...(.seconds(86_400)))
    let base = Self.milliseconds(
      &reader, "BACKOFF_BASE", "longest wait before the second attempt", .seconds(1),
      .milliseconds(1)...(.seconds(86_400)))
    let longest = Self.milliseconds(
      &reader, "BACKOFF_MAX", "longest wait between attempts", .seconds(120), .milliseconds(1)...(.seconds(86_400)))
    if longest < base { reader.reject("BACKOFF_MAX", expected: "at least BACKOFF_BASE") }
    retry = RetryPolicy(baseMs: base, maxMs: longest)
    shutdownTimeout = reader.duration(
      "SHUTDOWN_TIMEOUT", "how long running jobs may finish after SIGTERM", default: .seconds(25),
      in: .zero...(.seconds(3600)))
    recentRootsMs = Self.milliseconds(
      &reader, "RECENT_ROOTS_TTL", "how long a root of a memory tree stays recent", .seconds(86_400),
      .seconds(1)...(.seconds(7_776_000)))
    proofKeysFolder = reader.optionalString(
      "PROOF_KEYS_DIR", "folder of proving keys and their manifest; development keys are made there when missing")
    reader.section("Metrics and logs")
    bindAddress = reader.string("BIND_ADDRESS", "address to listen on", default: "0.0.0.0")
    let port = reader.intOrOff("METRICS_PORT", "metrics and probes; 0 takes a free port", default: 9090, in: 0...65535)
    metricsPort = reader.bool("METRICS_ENABLED", "serve metrics and probes", default: true) ? port : nil
    log = LogSettings(&reader)
    reader.section("Traces")
    tracing = TracingSettings(&reader)
    if deployment.isStrict && keys.encryptionKey == nil {
      reader.missing("ENCRYPTION_KEY", because: "a worker in \(deployment) opens private memories with it")
    }
    if deployment.isStrict && proofKeysFolder == nil {
      reader.missing("PROOF_KEYS_DIR", because: "a worker in \(deployment) proves with keys of a ceremony alone")
    }
    reader.passOver(
      "PORT", "CORS_ORIGINS", "MAX_QUEUE_DEPTH", "MAX_CONNECTIONS", "JWT_SECRET", "JWT_SECRET_FILE", "JWT_AUDIENCE",
      "API_KEYS_FILE", "RATE_LIMIT", "AUTH_FAILURE_LIMIT", "AUTH_BLOCK_TIME",
      "TRUSTED_PROXIES")
  }

  private static func milliseconds(
    _ reader: inout ConfigurationReader, _ name: String, _ meaning: String, _ standard: Duration,
    _ range: ClosedRange<Duration>
  ) -> Int64 {
    let value = reader.duration(name, meaning, default: standard, in: range)
    return value.wholeMilliseconds
  }
}
