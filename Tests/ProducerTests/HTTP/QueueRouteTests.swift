import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Queues")
struct QueueRouteTests {
  @Test("a queue in numbers, with its settings")
  func one() async throws {
    try await withProducer { producer async throws in
      for _ in 0..<3 { _ = try await producer.submit() }
      _ = try await producer.submit(#"{"kind":"test.noop","payload":1,"delay":"1h"}"#)
      let worker = try producer.worker()
      try worker.settle(try worker.claim(limit: 1), .success(Array("1".utf8)))
      _ = try worker.claim(limit: 1)
      try producer.redis.command(
        "HSET", "wc:{test}:config", "paused", "1", "paused_reason", "deploy", "lease_ms", "20000", "max_depth", "x")
      let answer = try await producer.http.get("/api/v1/queues/test")
      #expect(answer.status == 200)
      let json = answer.json
      #expect(json["name"].string == "test")
      let counts = json["counts"].members.mapValues { $0.int ?? -1 }
      #expect(counts == ["ready": 1, "scheduled": 1, "retrying": 0, "running": 1, "done": 1, "dead": 0])
      #expect(json["paused"].bool == true)
      #expect(json["paused_reason"].string == "deploy")
      #expect(json["config"]["lease_ms"].int == 20_000)
      #expect(json["config"]["max_depth"] == .null)
      #expect(json["oldest_age_seconds"] != .null)
      #expect(json["next_due_at"].string != nil)
      #expect(json["links"]["self"].string == "/api/v1/queues/test")
    }
  }

  @Test("all queues: those that are configured, and those that had a job")
  func all() async throws {
    try await withProducer(["QUEUES": "proof,memory"]) { producer async throws in
      _ = try await producer.submit(#"{"kind":"test.noop","payload":1,"queue":"a-queue"}"#)
      let answer = try await producer.http.get("/api/v1/queues")
      #expect(answer.json["queues"].elements.map { $0["name"].string } == ["a-queue", "memory", "proof"])
      #expect(try await producer.http.get("/api/v1/queues/proof").json["counts"]["ready"].int == 0)
    }
  }

  @Test("a queue that is none is 404, a query that is none 400", arguments: ["nothing", "A", "%7Btest%7D", "a.b"])
  func unknown(name: String) async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.get("/api/v1/queues/\(name)")
      #expect(answer.status == 404)
      #expect(answer.slug == "queue-not-found")
      #expect(try await producer.http.get("/api/v1/queues?limit=1").status == 400)
    }
  }

  @Test("a key of another type is 500 without its words, and the log has them")
  func spoilt() async throws {
    try await withProducer { producer async throws in
      try producer.redis.command("SET", "wc:{test}:config", "not a hash")
      let answer = try await producer.http.get("/api/v1/queues/test")
      #expect(answer.status >= 500)
      #expect(!answer.text.contains("WRONGTYPE"))
    }
  }
}
