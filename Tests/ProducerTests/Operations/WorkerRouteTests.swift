import Jobs
import RedisWire
import TestSupport
import Testing
import Transport

@testable import Producer

@Suite("Workers") struct WorkerRouteTests {
  @EventLoop
  static func announce(_ id: String, _ redis: RedisServer) async throws -> Bool {
    let client = RedisClient(RedisOptions(url: try RedisURL(redis.url), clientName: "test"))
    client.start()
    let registry = WorkerRegistry(client: client, keys: .standard)
    let isQuiet = try await registry.announce(
      WorkerNote(
        id: id, host: "h1", processID: 7, version: "1", state: .running, queues: [QueueName("test")].compactMap { $0 },
        slots: 4, busy: 1, residentBytes: 1000))
    await client.shutdown()
    return isQuiet
  }

  @Test("lists who is alive with what they run")
  func list() async throws {
    try await withProducer { producer async throws in
      #expect(try await producer.http.get("/api/v1/workers").json["workers"].elements.isEmpty)
      _ = try await Self.announce("w-test", producer.redis)
      let id = try await producer.submitted()
      _ = try producer.worker().claim()
      let workers = try await producer.http.get("/api/v1/workers").json["workers"].elements
      #expect(workers.count == 1)
      let worker = try #require(workers.first)
      #expect(worker["id"].string == "w-test" && worker["state"].string == "running" && worker["host"].string == "h1")
      #expect(worker["pid"].int == 7 && worker["slots"].int == 4 && worker["busy"].int == 1)
      #expect(worker["queues"].elements.map(\.string) == ["test"] && worker["last_beat_at"].string != nil)
      let one = try await producer.http.get("/api/v1/workers/w-test")
      #expect(one.json["running"].elements.map { $0["id"].string } == [id.text])
      #expect(try await producer.http.get("/api/v1/workers/other").slug == "worker-not-found")
    }
  }

  @Test("a worker that is asked for quiet hears of it with its next beat")
  func quiet() async throws {
    try await withProducer { producer async throws in
      #expect(try await Self.announce("w-test", producer.redis) == false)
      let answer = try await producer.http.request("POST", "/api/v1/workers/w-test/quiet")
      #expect(answer.status == 202 && answer.json["id"].string == "w-test")
      #expect(try await Self.announce("w-test", producer.redis) == true)
      #expect(try await producer.http.request("POST", "/api/v1/workers/other/quiet").status == 404)
      #expect(try producer.redis.command("EXISTS", "wc:worker:other").int == 0)
    }
  }

  @Test("a worker whose beats have stopped is lost")
  func lost() async throws {
    try await withProducer { producer async throws in
      _ = try await Self.announce("w-test", producer.redis)
      try producer.redis.command("DEL", "wc:worker:w-test")
      let workers = try await producer.http.get("/api/v1/workers").json["workers"].elements
      #expect(workers.first?["state"].string == "lost" && workers.first?["host"].string == nil)
      #expect(try await producer.http.request("POST", "/api/v1/workers/w-test/quiet").status == 404)
      producer.redis.kill()
      #expect(try await producer.http.get("/api/v1/workers").status == 503)
    }
  }
}
