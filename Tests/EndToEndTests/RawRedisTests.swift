import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Jobs pushed by redis-cli", .serialized)
  struct RawRedisTests {
    @Test("a JSON element is a job")
    func push() async throws {
      let stack = try await Stack()
      let element = #"{"kind":"proof.inclusion","payload":{"leaves":["5","6"],"index":0}}"#
      #expect(try await stack.redisCLI("LPUSH", "wc:{proof}:ready", element) != "")
      let ids = try await eventually(
        "the pushed job is done",
        value: {
          let ids = try stack.redis.command("ZRANGE", "wc:{proof}:done", "0", "-1").elements.compactMap(\.text)
          return ids.isEmpty ? nil : ids
        })
      #expect(ids.count == 1)
      let job = try await stack.job(ids[0])
      #expect(job["kind"].string == "proof.inclusion" && job["result"]["leaf"].string == "5", "\(job)")
    }

    @Test("elements that are no jobs are dead with their reason, and those behind them run")
    func unreadable() async throws {
      let stack = try await Stack()
      for element in ["not json", #"{"kind":"#, #"{"a":1}"#, "", String(repeating: "[", count: 5000)] {
        try stack.redis.command("LPUSH", "wc:{test}:ready", element)
      }
      _ = try await stack.run("test.noop", "{}")
      let dead = try await eventually(
        "five elements are dead",
        value: {
          let ids = try stack.redis.command("ZRANGE", "wc:{test}:dead", "0", "-1").elements.compactMap(\.text)
          return ids.count == 5 ? ids : nil
        })
      for id in dead {
        let hash = try stack.hash(id)
        #expect(hash["reason"] == "undecodable", "\(hash)")
        #expect(try await stack.job(id)["state"].string == "dead")
      }
      #expect(stack.allRun)
    }

    @Test("a plain element of a sealed kind is refused and its content removed")
    func plaintext() async throws {
      let stack = try await Stack()
      let element = #"{"kind":"memory.store","payload":{"user":"ada","content":"open-secret-5521"}}"#
      try stack.redis.command("LPUSH", "wc:{memory}:ready", element)
      let ids = try await eventually(
        "the element is dead",
        value: {
          let ids = try stack.redis.command("ZRANGE", "wc:{memory}:dead", "0", "-1").elements.compactMap(\.text)
          return ids.isEmpty ? nil : ids
        })
      let hash = try stack.hash(ids[0])
      #expect(hash["reason"] == "plaintext_refused", "\(hash)")
      #expect(!hash.values.contains { $0.contains("open-secret-5521") })
      #expect(!stack.logs.contains("open-secret-5521"))
    }

    @Test("pausing by hand stops claims, resuming starts them")
    func pause() async throws {
      let stack = try await Stack()
      _ = try await stack.redisCLI("HSET", "wc:{test}:config", "paused", "1")
      let id = try await stack.enqueue("test.noop", "{}")
      // A second queue shows that the worker looked around after the job came.
      _ = try await stack.run("proof.inclusion", #"{"leaves":["1"],"index":0}"#)
      #expect(try stack.hash(id)["state"] == "ready")
      _ = try await stack.redisCLI("HDEL", "wc:{test}:config", "paused")
      #expect(try await stack.finished(id)["state"].string == "succeeded")
    }
  }
}
