import Foundation
import HTTPWire
import Jobs
import RedisWire
import Service
import TestSupport
import Testing
import Transport

@testable import Producer

/// A producer inside the test process, with a Redis of its own unless it is given one.
final class LiveProducer: Sendable {
  let redis: RedisServer
  let service: ProducerService
  let http: PlainHTTP
  let log: LogLines

  /// A key over private payloads, for tests alone.
  static let payloadKey = (0..<32).map { _ in String(format: "%02x", UInt8.random(in: .min ... .max)) }.joined()

  /// Starts one with a key; `settings` are environment variables and win over those that tests need.
  @EventLoop
  static func start(_ settings: [String: String] = [:], redis: RedisServer? = nil) async throws -> LiveProducer {
    let producer = try await startWithoutWaiting(settings, redis: redis)
    if producer.redis.isRunning {
      try await eventually("the producer is ready") { try await producer.http.get("/readyz").status == 200 }
    }
    return producer
  }

  /// Starts one that may never be ready.
  @EventLoop
  static func startWithoutWaiting(
    _ settings: [String: String] = [:], redis: RedisServer? = nil
  ) async throws -> LiveProducer {
    let redis = try redis ?? RedisServer()
    let service = try ProducerService(
      configuration(["REDIS_URL": redis.url].merging(settings) { $1 }), environment: [:],
      log: Logger(level: .debug, sink: LogLines.shared.take))
    try service.start()
    return LiveProducer(redis, service, PlainHTTP(port: service.port))
  }

  /// Settings of a test, as the program reads them.
  static func configuration(_ settings: [String: String]) throws -> ProducerConfiguration {
    let standard = [
      "APP_ENV": "test", "TEST_KINDS": "true", "PAYLOAD_KEY": payloadKey, "PORT": "0", "METRICS_PORT": "0",
      "BIND_ADDRESS": "127.0.0.1",
    ]
    let environment = standard.merging(settings) { $1 }.filter { !$0.value.isEmpty }
    let launch = Launch.read(ProducerConfiguration.program, arguments: [], environment: environment) {
      ProducerConfiguration(&$0)
    }
    switch launch {
    case .run(let configuration, _), .check(let configuration, _): return configuration
    case .end(let end): throw SupportError("the settings of the test are wrong: \(end.errors)")
    }
  }

  private init(_ redis: RedisServer, _ service: ProducerService, _ http: PlainHTTP) {
    self.redis = redis
    self.service = service
    self.http = http
    log = LogLines.shared
  }

  /// A worker that does what a test tells it.
  func worker() throws -> ScriptWorker { try ScriptWorker(redis) }

  /// Submits a job of a test kind.
  func submit(
    _ json: String = #"{"kind":"test.noop","payload":{}}"#, _ headers: [String: String] = [:]
  ) async throws -> PlainHTTP.Answer {
    try await http.post("/api/v1/jobs", json: json, headers)
  }

  /// Submits a job and answers its id.
  func submitted(_ json: String = #"{"kind":"test.noop","payload":{}}"#) async throws -> JobID {
    let answer = try await submit(json)
    return try #require(answer.json["id"].string.flatMap { JobID($0) }, "\(answer)")
  }

  /// Sends a bulk.
  func bulk(_ lines: String, _ headers: [String: String] = [:]) async throws -> PlainHTTP.Answer {
    let all = ["Content-Type": "application/x-ndjson"].merging(headers) { $1 }
    return try await http.request("POST", "/api/v1/jobs/bulk", all, body: Array(lines.utf8))
  }

  /// What the API's port serves.
  @EventLoop
  func routes() -> [Route] { service.routes }

  /// Ends it; every test does, so that nothing of it outlives its test.
  func stop() async { await service.stop(within: .seconds(2)) }
}

/// Runs a test with a producer that ends with it, however it ends.
nonisolated(nonsending) func withProducer(
  _ settings: [String: String] = [:], redis: RedisServer? = nil, _ body: (LiveProducer) async throws -> Void
) async throws {
  let producer = try await LiveProducer.start(settings, redis: redis)
  do {
    try await body(producer)
  } catch {
    await producer.stop()
    throw error
  }
  await producer.stop()
}

extension PlainHTTP.Answer {
  /// The slug of a problem.
  var slug: String? { json["type"].string.flatMap { $0.split(separator: "/").last.map(String.init) } }

  /// The pointers of a problem's errors.
  var pointers: [String] { json["errors"].elements.compactMap { $0["pointer"].string } }
}
