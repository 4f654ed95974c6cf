import Service

/// A configuration as the programs declare theirs, with one setting of each kind.
struct Sample {
  enum Format: String, CaseIterable { case json, text, auto }

  let environment: String
  let port: Int
  let metricsPort: Int?
  let redis: String
  let lease: Duration
  let payload: Int
  let metrics: Bool
  let format: Format
  let origins: [String]
  let rate: Rate?
  let memory: Int?
  let key: Secret?
  let certificate: String?
  let name: String?

  init(_ reader: inout ConfigurationReader) {
    environment = reader.oneOf(
      "APP_ENV", "what it runs for", default: "production", ["production", "development"], alias: "NODE_ENV")
    port = reader.int("PORT", "HTTP port; 0 takes a free one", default: 4000, in: 0...65535)
    metricsPort = reader.intOrOff("METRICS_PORT", "port of the metrics", default: 9090, in: 0...65535)
    redis =
      reader.url(
        "REDIS_URL", "where Redis is", default: "redis://localhost:6379/0", expected: "redis://host[:port][/db]"
      ) { $0.hasPrefix("redis://") ? $0 : nil } ?? ""
    reader.section("Work")
    lease = reader.duration("LEASE", "right to run a job", default: .seconds(15), in: .seconds(1)...(.seconds(3600)))
    payload = reader.byteSize("MAX_PAYLOAD_BYTES", "largest payload", default: 1 << 20, in: 1...(1 << 30))
    metrics = reader.bool("METRICS_ENABLED", "serve metrics", default: true)
    format = reader.oneOf("LOG_FORMAT", "how log lines look", default: Format.json)
    origins = reader.list("CORS_ORIGINS", "who may call", default: ["localhost"])
    rate = reader.rateOrOff("RATE_LIMIT", "requests of a client")
    memory = reader.optionalByteSize("MAX_RSS", "restart above")
    key = reader.secret("ENCRYPTION_KEY", "seals memories")
    certificate = reader.file("TLS_CERT_FILE", "the certificate")
    name = reader.optionalString("INSTANCE_ID", "name of this process")
    if metricsPort == port, port != 0 { reader.reject("METRICS_PORT", expected: "another port than PORT") }
    if environment == "production", rate == nil, memory == 1 { reader.missing("ENCRYPTION_KEY", because: "production") }
    reader.passOver("CONCURRENCY")
  }

  static let program = ProgramDescription(
    name: "sample", summary: "shows all", examples: [("sample --port 8080", "listens on 8080")])

  static func launch(
    _ arguments: [String] = [], _ environment: [String: String] = [:], files: [String: String] = [:],
    operands: String? = nil
  ) -> Launch<Sample> {
    let program = ProgramDescription(
      name: program.name, summary: program.summary, examples: program.examples, operands: operands)
    let readFile: ConfigurationReader.FileReader = { path throws(FileBytes.Failure) in
      guard let content = files[path] else { return try FileBytes.read("/nowhere/" + path) }
      return Array(content.utf8)
    }
    return Launch.read(program, arguments: arguments, environment: environment, readFile: readFile) { Sample(&$0) }
  }
}

extension Launch {
  var settings: Settings? {
    if case .run(let settings, _) = self { return settings }
    return nil
  }

  var details: Details? {
    if case .run(_, let details) = self { return details }
    return nil
  }

  var end: ProgramEnd? {
    if case .end(let end) = self { return end }
    return nil
  }

  /// The lines of standard error of a program that did not start.
  var errors: [String] { end?.errors.split(separator: "\n").map(String.init) ?? [] }
}
