import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Losing Redis", .serialized)
  struct RedisLossTests {
    @Test("jobs outlive a crash of Redis, and the programs find it again")
    func crash() async throws {
      let stack = try await Stack(.workers(0))
      var ids: [String] = []
      for _ in 0..<20 { ids.append(try await stack.enqueue("test.noop", "{}")) }
      try await stack.startWorker(["QUEUES": "proof"])
      try stack.redis.restart(killing: true)
      try await stack.startWorker()
      try await eventually("the producer is ready again") { try await stack.api.get("/readyz").status == 200 }
      for id in ids { #expect(try await stack.finished(id)["state"].string == "succeeded") }
      // The worker that was there before the crash takes its own queue's job.
      _ = try await stack.run("proof.inclusion", #"{"leaves":["1"],"index":0}"#)
      #expect(stack.allRun)
    }

    @Test("without Redis: 503 with Retry-After and no hang, alive but not ready; then all is well again")
    func away() async throws {
      let stack = try await Stack()
      stack.redis.kill()
      let answer = try await stack.api.post(
        "/api/v1/jobs", json: #"{"kind":"test.noop","payload":{}}"#, within: .seconds(4))
      #expect(answer.status == 503 && answer.headers["retry-after"] != nil, "\(answer)")
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(try await stack.api.get("/livez").status == 200)
      #expect(try await stack.api.get("/readyz", within: .seconds(4)).status == 503)
      let metrics = try await stack.api.get("/metrics", within: .seconds(4))
      #expect(
        metrics.status == 200 && metrics.text.contains("\nwhispercache_redis_up 0"), "\(metrics.text.prefix(500))")
      try stack.redis.start()
      try await eventually("a job runs again") {
        try await stack.submit("test.noop", "{}", headers: ["Prefer": "wait=5"]).status == 200
      }
    }

    @Test("a Redis that stands still is as one that is away")
    func hung() async throws {
      let stack = try await Stack()
      stack.redis.pause()
      defer { stack.redis.resume() }
      let answer = try await stack.api.post(
        "/api/v1/jobs", json: #"{"kind":"test.noop","payload":{}}"#, within: .seconds(4))
      #expect(answer.status == 503 && answer.headers["retry-after"] != nil, "\(answer)")
      #expect(try await stack.api.get("/livez").status == 200)
    }

    @Test("a full Redis refuses new jobs by 503 and lets waiting ones drain")
    func full() async throws {
      let stack = try await Stack(.workers(0))
      let id = try await stack.enqueue("test.noop", "{}")
      try stack.redis.command("CONFIG", "SET", "maxmemory", "1")
      let answer = try await stack.submit("test.noop", "{}")
      #expect(answer.status == 503 && answer.headers["retry-after"] != nil, "\(answer)")
      try await stack.startWorker()
      #expect(try await stack.finished(id)["state"].string == "succeeded")
      try stack.redis.command("CONFIG", "SET", "maxmemory", "0")
      _ = try await stack.run("test.noop", "{}")
    }

    @Test("a producer that was killed loses no accepted job")
    func producerKilled() async throws {
      let stack = try await Stack()
      var ids: [String] = []
      for _ in 0..<50 { ids.append(try await stack.enqueue("test.noop", "{}")) }
      stack.producer?.kill()
      try await stack.startProducer()
      for id in ids { #expect(try await stack.finished(id)["state"].string == "succeeded") }
    }
  }
}
