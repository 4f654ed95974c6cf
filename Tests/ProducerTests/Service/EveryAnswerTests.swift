import Jobs
import TestSupport
import Testing

@testable import Producer

/// Every status that `/openapi.json` declares of every operation, drawn from live producers over sockets.
@Suite("Every answer that is described") struct EveryAnswerTests {
  /// Those that take more than a call, and the tests that have them.
  private static let elsewhere: Set<String> = [
    // More than a thousand dead letters: the tests of operations on dead letters.
    "requeueDeadLetters 202", "purgeDeadLetters 202",
    // A schedule that others define again and again meanwhile, or that was spoilt in Redis: the tests of schedules.
    "putSchedule 409", "runSchedule 409", "runSchedule 422",
    // It asks nothing of Redis: 503 for too many connections alone, which the tests of the server have.
    "getSession 503",
  ]

  /// Bodies that are as they should be.
  private static let bodies = [
    "submitJob": #"{"kind":"test.noop","payload":{}}"#, "submitJobs": #"{"kind":"test.noop","payload":{}}"# + "\n",
    "changeQueue": #"{"max_depth":100}"#, "pauseQueue": #"{"reason":"deploy"}"#,
    "requeueDeadLetters": #"{"filter":{},"dry_run":true}"#, "purgeDeadLetters": #"{"filter":{},"dry_run":true}"#,
    "putSchedule": #"{"cron":"@daily","job":{"kind":"test.noop","payload":{}}}"#,
  ]

  /// Notes what was answered.
  private final class Answers {
    private(set) var seen: Set<String> = []
    let operations: [String: DescribedOperation]

    init() throws {
      operations = Dictionary(uniqueKeysWithValues: try DescribedOperation.all().map { ($0.id, $0) })
    }

    /// Calls an operation, which must answer `status`; a refusal must be a problem with a page.
    @discardableResult
    func call(
      _ http: PlainHTTP, _ id: String, _ status: Int, path: String? = nil, _ headers: [String: String] = [:],
      body: String? = nil
    ) async throws -> PlainHTTP.Answer {
      let operation = try #require(operations[id], "\(id)")
      let type = body == nil ? [:] : operation.contentType.map { ["Content-Type": $0] } ?? [:]
      let answer = try await http.request(
        operation.method, path ?? operation.path(), type.merging(headers) { $1 }, body: body.map { Array($0.utf8) })
      #expect(answer.status == status, "\(id) should answer \(status): \(answer)")
      if answer.status >= 400, !operation.template.hasPrefix("/api/health"), answer.json["status"].int != nil {
        #expect(answer.headers["content-type"] == "application/problem+json" && answer.json["status"].int == status)
        #expect(answer.slug.map { ProblemCatalog().entries[$0] != nil } == true, "\(answer)")
      }
      note(id, answer.status)
      return answer
    }

    func note(_ id: String, _ status: Int) { seen.insert("\(id) \(status)") }
  }

  @Test("is given, by something that a caller can do")
  func all() async throws {
    let answers = try Answers()
    try await withProducer { producer async throws in
      try await Self.refusals(producer.http, answers)
      try await Self.jobs(producer, answers)
      try await Self.ends(producer, answers)
      try await Self.others(producer, answers)
    }
    try await Self.guarded(answers)
    try await Self.limited(answers)
    try await Self.withoutRedis(answers)
    let declared = answers.operations.values.flatMap { operation in
      operation.statuses.map { "\(operation.id) \($0)" }
    }
    #expect(declared.count > 250)
    #expect(Set(declared).subtracting(answers.seen).subtracting(Self.elsewhere).sorted() == [])
    #expect(answers.seen.subtracting(declared).sorted() == [])
    #expect(Self.elsewhere.isDisjoint(with: answers.seen) && Self.elsewhere.isSubset(of: declared))
  }

  /// What is refused for its form, wherever it is sent.
  private static func refusals(_ http: PlainHTTP, _ answers: Answers) async throws {
    let long = String(repeating: " ", count: 1_200_000)
    for operation in answers.operations.values.sorted(by: { $0.id < $1.id }) {
      let body = bodies[operation.id]
      let (id, path) = (operation.id, operation.path(queue: "test"))
      if operation.statuses.contains(400) {
        switch id {
        case "submitJob": try await answers.call(http, id, 400, body: "{")
        case "submitJobs": try await answers.call(http, id, 400, ["Content-Type": "application/x-ndjson"])
        case "getProblem": try await answers.call(http, id, 400, path: "/problems/%zz")
        default: try await answers.call(http, id, 400, path: path + "?nonsense=1", body: body)
        }
      }
      if operation.statuses.contains(404) { try await answers.call(http, id, 404, body: body) }
      if operation.statuses.contains(413) { try await answers.call(http, id, 413, path: path, body: long) }
      if operation.statuses.contains(415) {
        try await answers.call(http, id, 415, path: path, ["Content-Type": "text/plain"], body: "x")
      }
      if operation.statuses.contains(422), !elsewhere.contains("\(id) 422") {
        try await answers.call(http, id, 422, path: path, body: #"{"reason":5}"#)
      }
    }
  }

  /// One job and what is done to it while it waits and runs.
  private static func jobs(_ producer: LiveProducer, _ answers: Answers) async throws {
    let http = producer.http
    let job = #"{"kind":"test.noop","payload":{},"unique":{"key":"k","ttl":"1h"}}"#
    let made = try await answers.call(http, "submitJob", 202, body: job)
    let id = try #require(made.json["id"].string)
    let path = "/api/v1/jobs/\(id)"
    try await answers.call(http, "submitJob", 409, body: job)
    let read = try await answers.call(http, "getJob", 200, path: path)
    try await answers.call(http, "getJob", 304, path: path, ["If-None-Match": read.headers["etag"] ?? ""])
    try await answers.call(http, "getResult", 409, path: path + "/result")
    let payload = try await answers.call(http, "getPayload", 200, path: path + "/payload")
    let tag = ["If-None-Match": payload.headers["etag"] ?? ""]
    try await answers.call(http, "getPayload", 304, path: path + "/payload", tag)
    let secret = try await producer.submitted(#"{"kind":"memory.recall","payload":{"user":"u","memory_id":"m"}}"#)
    try await answers.call(http, "getPayload", 409, path: "/api/v1/jobs/\(secret)/payload")
    try await answers.call(http, "deleteJob", 409, path: path)
    try await answers.call(http, "retryJob", 409, path: path + "/retry")
    try await answers.call(http, "cancelJob", 200, path: path + "/cancel")
    try await answers.call(http, "retryJob", 202, path: path + "/retry")
    let running = try producer.worker().claim()
    #expect(running.map(\.id.text) == [id])
    try await answers.call(http, "cancelJob", 202, path: path + "/cancel")
    try producer.worker().settle(running, .cancelled)
    try await answers.call(http, "submitJobs", 200, body: bodies["submitJobs"])
  }

  /// A job that has ended, and what is left of it.
  private static func ends(_ producer: LiveProducer, _ answers: Answers) async throws {
    let http = producer.http
    let key = ["Idempotency-Key": "k"]
    let body = bodies["submitJob"]
    let made = try await answers.call(http, "submitJob", 202, key, body: body)
    let path = "/api/v1/jobs/" + (try #require(made.json["id"].string))
    try producer.worker().finish()
    try await answers.call(http, "submitJob", 200, key, body: body)
    try await answers.call(http, "cancelJob", 409, path: path + "/cancel")
    let result = try await answers.call(http, "getResult", 200, path: path + "/result")
    let tag = ["If-None-Match": result.headers["etag"] ?? ""]
    try await answers.call(http, "getResult", 304, path: path + "/result", tag)
    let stream = try await answers.call(http, "followJob", 200, path: path + "/events")
    let last = try #require(stream.text.split(separator: "\n").last { $0.hasPrefix("id: ") }).dropFirst(4)
    try await answers.call(http, "followJob", 204, path: path + "/events", ["Last-Event-ID": String(last)])
    try producer.redis.command("HDEL", "wc:{test}:job:" + path.dropFirst("/api/v1/jobs/".count), "result", "payload")
    try await answers.call(http, "getResult", 410, path: path + "/result")
    try await answers.call(http, "getPayload", 410, path: path + "/payload")
    try await answers.call(http, "deleteJob", 204, path: path)
    try await answers.call(http, "submitJob", 410, key, body: body)
  }

  /// Queues, dead letters, workers, schedules, circuits, and all that needs nothing.
  private static func others(_ producer: LiveProducer, _ answers: Answers) async throws {
    let http = producer.http
    for id in ["getQueue", "changeQueue", "pauseQueue", "resumeQueue"] {
      let path = answers.operations[id]?.path(queue: "test")
      try await answers.call(http, id, 200, path: path, body: bodies[id])
    }
    for id in ["requeueDeadLetters", "purgeDeadLetters"] { try await answers.call(http, id, 200, body: bodies[id]) }
    _ = try await WorkerRouteTests.announce("w", producer.redis)
    try await answers.call(http, "getWorker", 200, path: "/api/v1/workers/w")
    try await answers.call(http, "quietWorker", 202, path: "/api/v1/workers/w/quiet")
    let schedule = "/api/v1/schedules/nightly"
    try await answers.call(http, "putSchedule", 201, path: schedule, body: bodies["putSchedule"])
    try await answers.call(http, "putSchedule", 200, path: schedule, body: bodies["putSchedule"])
    try await answers.call(http, "getSchedule", 200, path: schedule)
    try await answers.call(http, "runSchedule", 202, path: schedule + "/run")
    try await answers.call(http, "deleteSchedule", 204, path: schedule)
    _ = try CircuitRouteTests.publish("policy", in: producer.redis)
    let key = "/api/v1/circuits/policy/verification_key"
    let found = try await answers.call(http, "getVerificationKey", 200, path: key)
    try await answers.call(http, "getVerificationKey", 304, path: key, ["If-None-Match": found.headers["etag"] ?? ""])
    try await answers.call(http, "getProblem", 200, path: "/problems/forbidden")
    let events = try await http.open("/api/v1/events")
    answers.note("followJobs", events.status)
    for operation in answers.operations.values where operation.method == "GET" && !operation.template.contains("{") {
      if operation.id == "followJobs" { continue }
      let answer = try await answers.call(http, operation.id, 200)
      guard operation.statuses.contains(304) else { continue }
      try await answers.call(http, operation.id, 304, ["If-None-Match": answer.headers["etag"] ?? ""])
    }
  }

  /// Callers without a token, and with one of no use.
  private static func guarded(_ answers: Answers) async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let useless = TokenMint.bearer(try TokenMint.token(scope: "openid"))
      for operation in answers.operations.values where operation.isGuarded {
        let body = bodies[operation.id]
        try await answers.call(producer.http, operation.id, 401, body: body)
        try await answers.call(producer.http, operation.id, 403, useless, body: body)
      }
    }
  }

  /// Callers who have called as often as they may.
  private static func limited(_ answers: Answers) async throws {
    try await withProducer(["RATE_LIMIT": "1/1h"]) { producer async throws in
      #expect(try await producer.http.get("/api/v1/queues").status == 200)
      for operation in answers.operations.values where operation.isGuarded {
        try await answers.call(producer.http, operation.id, 429, body: bodies[operation.id])
      }
    }
  }

  /// Calls while Redis is away.
  private static func withoutRedis(_ answers: Answers) async throws {
    try await withProducer { producer async throws in
      producer.redis.kill()
      try await eventually("the producer knows that redis is away") {
        try await producer.http.get("/readyz").status == 503
      }
      for operation in answers.operations.values
      where operation.statuses.contains(503) && !elsewhere.contains("\(operation.id) 503") {
        try await answers.call(
          producer.http, operation.id, 503, path: operation.path(queue: "test"), body: bodies[operation.id])
      }
    }
  }
}
