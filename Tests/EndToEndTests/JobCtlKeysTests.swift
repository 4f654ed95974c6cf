import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("jobctl keys and seal", .serialized)
  struct JobCtlKeysTests {
    private func jobctl(
      _ arguments: [String], input: String? = nil, _ environment: [String: String] = [:]
    ) async throws -> Tool.Result {
      try await Tool.run(try BuiltPrograms.path(of: "jobctl"), arguments, input: input, environment: environment)
    }

    private func output(
      _ arguments: [String], input: String? = nil, _ environment: [String: String] = [:]
    ) async throws -> String {
      let result = try await jobctl(arguments, input: input, environment)
      try #require(result.status == 0 && result.error.isEmpty, "\(arguments): \(result)")
      return result.output
    }

    @Test("the payload key of an encryption key is the same from a file, the environment and standard input")
    func payload() async throws {
      let folder = try TemporaryFolder()
      let key = try await output(["keys", "encryption"])
      let file = try folder.write(key + "\n", to: "key")
      let derived = try await output(["keys", "payload", "--encryption-key-file", file])
      #expect(derived.wholeMatch(of: /[0-9a-f]{64}/) != nil && derived != key)
      #expect(try await output(["keys", "payload", "-"], input: key + "\n") == derived)
      #expect(try await output(["keys", "payload"], ["ENCRYPTION_KEY": key]) == derived)
      #expect(try await output(["keys", "payload"], ["ENCRYPTION_KEY_FILE": file]) == derived)
      #expect(try await output(["keys", "payload", "-", "--json"], input: key) == #"{"payload_key":"\#(derived)"}"#)
    }

    @Test("wrong keys and uses are refused, and no key is repeated")
    func refused() async throws {
      let weak = "0123456789abcdef0123456789abcdef"
      for (arguments, input, status) in [
        (["keys", "payload", "-"], weak, 78), (["keys", "payload", "-"], "", 2), (["keys", "payload"], "", 78),
        (["keys", "hash", "ci"], "short", 2), (["keys", "api"], "", 2), (["keys", "nothing"], "", 2),
        (["keys", "encryption", "x"], "", 2), (["keys", "hash", "ci", "--scopes", "root"], weak + weak, 2),
        (["seal", "--kind", "memory.store"], "{}", 78), (["seal", "--kind", "proof.inclusion"], "{}", 2),
        (["seal", "--kind", "no.kind"], "{}", 2), (["seal"], "{}", 2),
        (["seal", "--kind", "memory.store", "{}"], "", 2),
      ] as [([String], String, Int32)] {
        let result = try await jobctl(arguments, input: input)
        #expect(
          result.status == status && result.output.isEmpty && !result.error.contains(weak), "\(arguments): \(result)")
      }
      let both = try await jobctl(["keys", "payload"], ["ENCRYPTION_KEY": weak])
      #expect(both.status == 78 && !both.error.contains(weak), "\(both)")
      let line = try await jobctl(["keys", "payload", "--encryption-key", weak])
      #expect(line.status == 2 && !line.output.contains(weak), "secrets are no options")
    }

    @Test("a producer takes the keys that were made, with their scopes")
    func access() async throws {
      let folder = try TemporaryFolder()
      let made = try await output(["keys", "api", "ci", "--scopes", "jobs:read", "--owner", "team-a"])
      let parts = made.split(separator: "\n").map(String.init)
      try #require(parts.count == 2, "two lines: the key, and the one for API_KEYS_FILE")
      let writer = try await output(["keys", "jwt"])
      let line = try await output(["keys", "hash", "writer"], input: writer + "\n")
      let admin = try await output(["keys", "encryption"])
      let third = try await output(["keys", "hash", "admin", "--scopes", "admin"], input: admin)
      let file = try folder.write([parts[1], line, third].joined(separator: "\n") + "\n", to: "api.keys")
      let stack = try await Stack(.workers(0, ["API_KEYS_FILE": file, "JWT_SECRET": writer]))
      let body = #"{"kind":"test.noop","payload":{}}"#
      for (key, read, write, pause) in [
        (parts[0], 200, 403, 403), (writer, 200, 202, 403), (admin, 200, 202, 200),
        (String(repeating: "0a", count: 32), 401, 401, 401),
      ] {
        let bearer = ["Authorization": "Bearer \(key)"]
        #expect(try await stack.api.get("/api/v1/queues", bearer).status == read)
        #expect(try await stack.api.post("/api/v1/jobs", json: body, bearer).status == write)
        #expect(try await stack.api.post("/api/v1/queues/test/pause", json: "{}", bearer).status == pause)
      }
    }

    @Test("a worker runs what was sealed and pushed by redis-cli, and Redis never shows it")
    func seal() async throws {
      let stack = try await Stack()
      let folder = try TemporaryFolder()
      let secret = "canary-\(UInt32.random(in: 0...UInt32.max))"
      let payloads = (0..<3).map { number in
        #"{"user":"ada","content":"\#(secret)-\#(number)","category":{"finance":false,"health":false,"personal":true}}"#
      }
      let derived = try await output(["keys", "payload", "-"], input: Stack.encryptionKey)
      let keyFile = try folder.write(derived, to: "payload.key")
      let element = try await output(
        ["seal", "--kind", "memory.store", "-"], input: payloads[0] + "\n", ["ENCRYPTION_KEY": Stack.encryptionKey])
      #expect(!element.contains(secret) && element.contains("wcs1."))
      try await Tool.output(
        of: "redis-cli", ["-s", stack.redis.socketPath, "-x", "LPUSH", "wc:{memory}:ready"], input: element + "\n")
      let more = try folder.write(payloads[1...].joined(separator: "\n") + "\n\n", to: "payloads")
      let elements = try await output(
        ["seal", "--kind", "memory.store", "--lines", "@\(more)", "--payload-key-file", keyFile]
      ).split(separator: "\n").map(String.init)
      try #require(elements.count == 2)
      for element in elements { _ = try await stack.redisCLI("LPUSH", "wc:{memory}:ready", element) }

      let ids = try await eventually(
        "three memories are stored",
        value: {
          let ids = try stack.redis.command("ZRANGE", "wc:{memory}:done", "0", "-1").elements.compactMap(\.text)
          return ids.count == 3 ? ids : nil
        })
      var found: Set<String> = []
      for id in ids {
        let job = try await stack.job(id)
        let memory = try #require(job["result"]["memory_id"].string, "\(job)")
        let recalled = try await stack.run("memory.recall", #"{"user":"ada","memory_id":"\#(memory)"}"#)
        found.insert(try #require(recalled["content"].string))
        #expect(try stack.hash(id)["raw"] == nil, "the content goes at the end")
      }
      #expect(found == Set((0..<3).map { "\(secret)-\($0)" }))
      #expect(!stack.logs.contains(secret))
    }

    @Test("under another key it is dead, and nothing of it is told")
    func otherKey() async throws {
      let stack = try await Stack()
      let element = try await output(
        ["seal", "--kind", "memory.store"], input: #"{"user":"ada","content":"canary"}"#,
        ["PAYLOAD_KEY": try await output(["keys", "encryption"])])
      _ = try await stack.redisCLI("LPUSH", "wc:{memory}:ready", element)
      let id = try await eventually(
        "it is dead",
        value: { try stack.redis.command("ZRANGE", "wc:{memory}:dead", "0", "-1").elements.first?.text })
      #expect(try stack.hash(id)["raw"] == nil && !stack.logs.contains("canary"))
    }
  }
}
