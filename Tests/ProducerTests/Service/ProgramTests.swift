import TestSupport
import Testing

@testable import Producer

@Suite("The program producer")
struct ProgramTests {
  private static func start(_ redis: RedisServer, _ more: [String: String] = [:]) throws -> ChildProcess {
    let settings = [
      "APP_ENV": "test", "TEST_KINDS": "true", "PORT": "0", "METRICS_PORT": "0", "REDIS_URL": redis.url,
      "BIND_ADDRESS": "127.0.0.1", "LOG_FORMAT": "json", "PAYLOAD_KEY": LiveProducer.payloadKey,
    ]
    return try ChildProcess(BuiltPrograms.producer, environment: settings.merging(more) { $1 })
  }

  private static func port(_ child: ChildProcess, serving what: String) async throws -> Int {
    let line = try await child.line(containing: #""serves":"\#(what)""#)
    let json = try JSONTree(line)
    #expect(json["msg"].string == "listening")
    #expect(json["address"].string == "127.0.0.1")
    return try #require(json["port"].int)
  }

  /// A producer with one long poll in it.
  private static func waiting(
    _ child: ChildProcess, _ redis: RedisServer
  ) async throws -> Task<PlainHTTP.Answer, any Error> {
    let http = PlainHTTP(port: try await port(child, serving: "api"))
    let id = try #require(
      try await http.post("/api/v1/jobs", json: #"{"kind":"test.noop","payload":{}}"#).json["id"].string)
    let poll = Task { try await http.get("/api/v1/jobs/\(id)?wait=50") }
    try await eventually("the long poll listens") {
      try redis.command("PUBSUB", "CHANNELS").elements.count == 1
    }
    return poll
  }

  @Test("SIGTERM ends long polls with the state of the moment, and the program with 0")
  func terminated() async throws {
    let redis = try RedisServer()
    let child = try Self.start(redis)
    let poll = try await Self.waiting(child, redis)
    child.terminate()
    let answer = try await poll.value
    #expect(answer.status == 200)
    #expect(answer.json["state"].string == "ready")
    #expect(answer.headers["connection"] == "close")
    #expect(try await child.waitForExit() == .status(0))
  }

  @Test("while it ends it is not ready; a second signal ends it at once with 130")
  func secondSignal() async throws {
    let redis = try RedisServer()
    let child = try Self.start(redis)
    let metrics = PlainHTTP(port: try await Self.port(child, serving: "metrics"))
    let http = PlainHTTP(port: try await Self.port(child, serving: "api"))
    // A request whose body never comes keeps the program from its end.
    let client = try RawClient(port: http.port)
    try await client.send(
      "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n")
    try await eventually("the producer is ready") { try await metrics.get("/readyz").status == 200 }
    child.terminate()
    try await child.line(containing: "signal received")
    try await eventually("the probe tells") { try await metrics.get("/readyz").status == 503 }
    #expect(try await metrics.get("/livez").status == 200)
    #expect(child.isRunning)
    child.terminate()
    #expect(try await child.waitForExit() == .status(130))
  }

  @Test("requests that do not end are cut off after SHUTDOWN_TIMEOUT")
  func cutOff() async throws {
    let redis = try RedisServer()
    let child = try Self.start(redis, ["SHUTDOWN_TIMEOUT": "100ms"])
    let client = try RawClient(port: try await Self.port(child, serving: "api"))
    try await client.send(
      "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n")
    child.terminate()
    #expect(try await child.waitForExit() == .status(0))
  }

  @Test("--check tries Redis: 0 when it answers, 69 when it does not")
  func check() async throws {
    let redis = try RedisServer()
    let environment = ["APP_ENV": "test", "REDIS_URL": redis.url]
    let good = try await Tool.run(BuiltPrograms.producer, ["--check"], environment: environment)
    #expect(good.status == 0, "\(good.error)")
    #expect(good.output.contains("settings: ok"))
    redis.kill()
    let bad = try await Tool.run(BuiltPrograms.producer, ["--check"], environment: environment)
    #expect(bad.status == 69)
    #expect(bad.error.contains("check:"))
  }

  @Test("a port that is taken ends it with 69, wrong settings with 78 before anything is tried")
  func cannotStart() async throws {
    let redis = try RedisServer()
    let child = try Self.start(redis)
    let port = try await Self.port(child, serving: "api")
    let second = try Self.start(redis, ["PORT": "\(port)"])
    #expect(try await second.waitForExit() == .status(69))
    let production = try Self.start(redis, ["APP_ENV": "production", "TEST_KINDS": ""])
    #expect(try await production.waitForExit() == .status(78))
    #expect(production.log.contains("JWT_SECRET is missing") && production.log.contains("API_KEYS_FILE"))
  }

  @Test("in production it serves those that have a token")
  func production() async throws {
    let redis = try RedisServer()
    let child = try Self.start(
      redis, ["APP_ENV": "production", "TEST_KINDS": "", "JWT_SECRET": TokenMint.secret])
    let http = PlainHTTP(port: try await Self.port(child, serving: "api"))
    try await eventually("the producer is ready") { try await http.get("/readyz").status == 200 }
    let job = #"{"kind":"proof.anchor","payload":{"hash":"1"}}"#
    #expect(try await http.post("/api/v1/jobs", json: job).status == 401)
    let writer = TokenMint.bearer(try TokenMint.token(scope: "jobs:write"))
    #expect(try await http.post("/api/v1/jobs", json: job, writer).status == 202)
    child.terminate()
    #expect(try await child.waitForExit() == .status(0))
    #expect(!child.log.contains(TokenMint.secret) && !child.log.contains(writer["Authorization"] ?? "Bearer"))
  }
}
