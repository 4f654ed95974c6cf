import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Jobs over memories belong to whoever submitted them")
struct OwnerTests {
  private static let everything = "jobs:read jobs:write"
  private static let memory = #"{"kind":"memory.recall","payload":{"user":"u","memory_id":"m"}}"#
  private static let other = #"{"kind":"proof.anchor","payload":{"hash":"1"},"queue":"memory"}"#

  private struct Callers {
    let alice: [String: String]
    let bob: [String: String]
    let admin: [String: String]

    init() throws {
      alice = TokenMint.bearer(try TokenMint.token(sub: "alice", scope: everything))
      bob = TokenMint.bearer(try TokenMint.token(sub: "bob", scope: everything))
      admin = TokenMint.bearer(try TokenMint.token(sub: "root", scope: "admin"))
    }
  }

  private static func submit(
    _ producer: LiveProducer, _ caller: [String: String], _ json: String = memory, key: String? = nil
  ) async throws -> String {
    let answer = try await producer.submit(json, caller.merging(key.map { ["Idempotency-Key": $0] } ?? [:]) { $1 })
    return try #require(answer.json["id"].string, "\(answer)")
  }

  private static func listed(
    _ producer: LiveProducer, _ path: String, _ caller: [String: String], _ array: String = "jobs"
  ) async throws -> Set<String> {
    let answer = try await producer.http.get(path, caller)
    #expect(answer.status == 200, "\(answer)")
    return Set(answer.json[array].elements.compactMap { $0["id"].string })
  }

  @Test("to others such a job does not exist, however they ask; its owner and operators have it")
  func hidden() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let callers = try Callers()
      let id = try await Self.submit(producer, callers.alice)
      let none = "memory.01ARZ3NDEKTSV4RRFFQ69G5FAV"
      for (method, path) in [
        ("GET", ""), ("GET", "?wait=50"), ("GET", "/result"), ("GET", "/events"), ("POST", "/cancel"),
        ("POST", "/retry"), ("DELETE", ""),
      ] {
        let answer = try await producer.http.request(method, "/api/v1/jobs/\(id)\(path)", callers.bob)
        #expect(answer.status == 404 && answer.slug == "job-not-found", "\(method) \(path): \(answer)")
        // Nothing tells it from a job that never was.
        let missing = try await producer.http.request(method, "/api/v1/jobs/\(none)\(path)", callers.bob)
        #expect(answer.json["detail"].string == missing.json["detail"].string?.replacing(none, with: id))
      }
      for caller in [callers.alice, callers.admin] {
        let answer = try await producer.http.get("/api/v1/jobs/\(id)", caller)
        #expect(answer.status == 200 && answer.json["state"].string == "ready")
        #expect(try await producer.http.get("/api/v1/jobs/\(id)/result", caller).status == 409)
      }
      #expect(try await producer.http.request("POST", "/api/v1/jobs/\(id)/cancel", callers.alice).status == 200)
      #expect(try await producer.http.request("DELETE", "/api/v1/jobs/\(id)", callers.alice).status == 204)
    }
  }

  @Test("jobs of other kinds are everybody's")
  func others() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let callers = try Callers()
      let id = try await Self.submit(producer, callers.alice, Self.other)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)", callers.bob).status == 200)
      #expect(try producer.redis.command("HEXISTS", "wc:{memory}:job:\(id)", "opts").int == 0)
    }
  }

  @Test("lists, dead letters and workers leave them out for others")
  func lists() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let callers = try Callers()
      let alices = try await Self.submit(producer, callers.alice)
      let bobs = try await Self.submit(producer, callers.bob)
      let common = try await Self.submit(producer, callers.alice, Self.other)
      func check(_ path: String, _ array: String = "jobs") async throws {
        #expect(try await Self.listed(producer, path, callers.alice, array) == [alices, common], "\(path)")
        #expect(try await Self.listed(producer, path, callers.bob, array) == [bobs, common], "\(path)")
        #expect(try await Self.listed(producer, path, callers.admin, array) == [alices, bobs, common], "\(path)")
      }
      try await check("/api/v1/jobs")
      try await check("/api/v1/jobs?queue=memory&state=ready")
      let worker = try producer.worker()
      _ = try await WorkerRouteTests.announce(worker.name, producer.redis)
      let jobs = try worker.claim("memory")
      try await check("/api/v1/workers/\(worker.name)", "running")
      try worker.settle(jobs, .dead(.permanent, error: "an error"))
      try await check("/api/v1/dead")
      let groups = try await producer.http.get("/api/v1/dead?group_by=error", callers.bob)
      #expect(groups.text.contains(bobs) && !groups.text.contains(alices), "\(groups)")
      // Whoever requeues dead letters is an operator, and has all of them.
      let requeued = try await producer.http.post("/api/v1/dead/requeue", json: #"{"filter":{}}"#, callers.admin)
      #expect(requeued.status < 500)
    }
  }

  @Test("an Idempotency-Key is its owner's: the same one of two owners is two")
  func keys() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let callers = try Callers()
      let first = try await Self.submit(producer, callers.alice, key: "k")
      let second = try await Self.submit(producer, callers.bob, key: "k")
      #expect(first != second)
      let again = try await producer.submit(Self.memory, callers.alice.merging(["Idempotency-Key": "k"]) { $1 })
      #expect(again.headers["idempotency-replayed"] == "true" && again.json["id"].string == first)
    }
  }

  @Test("a bulk's jobs are its sender's too")
  func bulk() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let callers = try Callers()
      let lines = try await producer.bulk(Self.memory + "\n" + Self.other + "\n", callers.alice).jsonLines
      let ids = lines.compactMap { $0["id"].string }
      #expect(ids.count == 2)
      #expect(try await producer.http.get("/api/v1/jobs/\(ids[0])", callers.bob).status == 404)
      #expect(try await producer.http.get("/api/v1/jobs/\(ids[0])", callers.alice).status == 200)
      #expect(try await producer.http.get("/api/v1/jobs/\(ids[1])", callers.bob).status == 200)
    }
  }

  @Test("a job without an owner, from before there were any, is the operators'; where all is open it is everybody's")
  func ownerless() async throws {
    let redis = try RedisServer()
    var id = ""
    try await withProducer(redis: redis) { producer async throws in
      id = try await Self.submit(producer, [:])
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").status == 200)
    }
    try await withProducer(["JWT_SECRET": TokenMint.secret], redis: redis) { producer async throws in
      let callers = try Callers()
      #expect(try await producer.http.get("/api/v1/jobs/\(id)", callers.alice).status == 404)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)", callers.admin).status == 200)
    }
  }
}
