import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("jobctl doctor", .serialized)
  struct DoctorTests {
    private func doctor(_ server: RedisServer, _ arguments: String...) async throws -> Tool.Result {
      try await Tool.run(
        try BuiltPrograms.path(of: "jobctl"), ["doctor"] + arguments, environment: ["REDIS_URL": server.url])
    }

    @Test("a running system is well")
    func well() async throws {
      let stack = try await Stack()
      for _ in 0..<20 {
        let job = try await stack.api.post("/api/v1/jobs", json: #"{"kind":"test.sleep","payload":{"ms":30}}"#)
        #expect(job.status == 202)
      }
      let result = try await doctor(stack.redis)
      #expect(result.status == 0 && result.output == "nothing is wrong", "\(result)")
    }

    @Test("a job that lies nowhere is found, put back, and runs")
    func mended() async throws {
      let stack = try await Stack(.workers(0))
      let answer = try await stack.api.post("/api/v1/jobs", json: #"{"kind":"test.noop","payload":{}}"#)
      let id = try #require(answer.json["id"].string)
      try stack.redis.command("DEL", "wc:{test}:ready")
      let sick = try await doctor(stack.redis)
      #expect(sick.status == 1 && sick.output.contains("hash_without_entry  wc:{test}:job:\(id)"), "\(sick)")
      let json = try await doctor(stack.redis, "--json")
      #expect(json.status == 1 && json.output.contains(#""left":1"#), "\(json)")
      let mended = try await doctor(stack.redis, "--repair")
      #expect(mended.status == 0 && mended.output.contains("1 found, 1 mended, 0 left"), "\(mended)")
      #expect(try await doctor(stack.redis).status == 0)
      try await stack.startWorker()
      let end = try await stack.api.get("/api/v1/jobs/\(id)?wait=20", within: .seconds(30))
      #expect(end.json["state"].string == "succeeded", "\(end)")
    }

    @Test("without an API, queues are read, paused and resumed in Redis itself")
    func direct() async throws {
      let server = try RedisServer()
      try server.command("SADD", "wc:queues", "proof")
      try server.command("LPUSH", "wc:{proof}:ready", "{}", "{}")
      let jobctl = try BuiltPrograms.path(of: "jobctl")
      let there = ["--redis-url", server.url]
      let paused = try await Tool.run(jobctl, ["pause", "proof", "--reason", "why"] + there)
      #expect(paused.status == 0 && paused.output.contains("true"), "\(paused)")
      #expect(try server.command("HGET", "wc:{proof}:config", "paused_reason").text == "why")
      let queues = try await Tool.run(jobctl, ["queues", "--json"] + there)
      let queue = try JSONTree(queues.output)["queues"][0]
      #expect(queue["counts"]["ready"].int == 2 && queue["paused"].bool == true, "\(queues)")
      #expect(try await Tool.run(jobctl, ["queues"] + there).output.contains("\nproof  2"))
      #expect(try await Tool.run(jobctl, ["resume", "proof"] + there).output.contains("false"))
      #expect(try await Tool.run(jobctl, ["pause", "No Queue"] + there).status == 2)
    }

    @Test("what it cannot mend is left, with exit code 1")
    func left() async throws {
      let server = try RedisServer()
      try server.command("SADD", "wc:queues", "proof")
      try server.command("HSET", "wc:{proof}:job:proof.01ARZ3NDEKTSV4RRFFQ69G5FAV", "state", "gone")
      let result = try await doctor(server, "--repair")
      #expect(result.status == 1 && result.output.contains("state_unknown"), "\(result)")
    }

    @Test("killed in the middle of mending it loses nothing, and the next one ends it")
    func killed() async throws {
      let count = 3000
      let server = try RedisServer()
      try server.command("SADD", "wc:queues", "proof")
      let ids = (0..<count).map { "proof." + String(repeating: "0", count: 20) + String(format: "%06d", $0) }
      for id in ids {
        try server.command(
          "HSET", "wc:{proof}:job:\(id)", "state", "running", "kind", "proof.inclusion", "payload", "{}", "worker", "w",
          "deliveries", "1", "created_ms", "1")
      }
      let child = try ChildProcess(
        try BuiltPrograms.path(of: "jobctl"), ["doctor", "--repair"], environment: ["REDIS_URL": server.url])
      try await eventually("it mends") { try server.command("LLEN", "wc:{proof}:ready").int ?? 0 > 10 }
      child.kill()
      let half = try server.command("LLEN", "wc:{proof}:ready").int ?? 0
      #expect(half < count, "it ended before it was killed: \(child.tail)")
      let result = try await doctor(server, "--repair")
      #expect(result.status == 0, "\(result)")
      let line = try server.command("LRANGE", "wc:{proof}:ready", "0", "-1").elements.compactMap(\.text)
      #expect(line.sorted() == ids, "each job is in the line, once")
    }

    @Test("without Redis it says where it looked, with exit code 69; a wrong setting is 78")
    func nobody() async throws {
      let jobctl = try BuiltPrograms.path(of: "jobctl")
      let url = "redis://:secret@127.0.0.1:\(try FreePort.next())/0"
      let away = try await Tool.run(jobctl, ["doctor", "--redis-url", url])
      #expect(away.status == 69 && away.error.contains("127.0.0.1") && !away.error.contains("secret"), "\(away)")
      let wrong = try await Tool.run(jobctl, ["doctor", "--redis-url", "http://:secret@x"])
      #expect(wrong.status == 78 && wrong.error.contains("REDIS_URL") && !wrong.error.contains("secret"), "\(wrong)")
      let prefix = try await Tool.run(jobctl, ["doctor", "--key-prefix", "{"])
      #expect(prefix.status == 78 && prefix.error.contains("KEY_PREFIX"), "\(prefix)")
    }
  }
}
