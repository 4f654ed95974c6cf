import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("scripts/examples", .serialized)
  struct ExampleScriptsTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("scripts/examples").path
    private static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []

    /// Runs one as somebody at a shell does, who has jobctl in the path.
    private func run(
      _ name: String, _ arguments: [String] = [], of stack: Stack, input: String? = nil, _ more: [String: String] = [:]
    ) async throws -> Tool.Result {
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let environment = [
        "PATH": "\(BuiltPrograms.folder):\(path)", "WHISPERCACHE_API": "http://127.0.0.1:\(stack.api.port)",
        "REDIS_OPTIONS": "-s \(stack.redis.socketPath)", "REDIS_URL": stack.redis.url,
      ]
      return try await Tool.run(
        "\(Self.folder)/\(name)", arguments, input: input, environment: environment.merging(more) { $1 })
    }

    @Test("there are some, and each explains itself and is found in order by shellcheck")
    func help() async throws {
      #expect(Self.names.count >= 5, "\(Self.names)")
      for name in Self.names {
        let path = "\(Self.folder)/\(name)"
        #expect(try await Tool.output(of: path, ["--help"]).contains("Usage: scripts/examples/\(name)"))
        #expect(try await Tool.run(path, ["--nonsense"]).status == 2, "\(name)")
        let check = try await Tool.run("shellcheck", [path])
        #expect(check.status == 0, "\(check)")
      }
    }

    @Test("enqueue puts a job in by jobctl, by curl once, and by redis-cli")
    func enqueue() async throws {
      let stack = try await Stack()
      let result = try await run("enqueue", of: stack)
      try #require(result.status == 0, "\(result)")
      let ids = Set(result.output.matches(of: /"id":"(proof\.[0-9A-Z]{26})"/).map { String($0.1) })
      #expect(ids.count == 1, "the second call of curl answers the first one's job: \(result)")
      #expect(result.output.contains("succeeded"))
      try await eventually("three jobs are done") { try stack.redis.command("ZCARD", "wc:{proof}:done").int == 3 }
    }

    @Test("backfill collects a result of every line")
    func backfill() async throws {
      let stack = try await Stack()
      let folder = try TemporaryFolder()
      let result = try await run("backfill", ["30"], of: stack, ["TMPDIR": folder.path])
      try #require(result.status == 0, "\(result)")
      let path = try #require(result.output.split(separator: " ").last.map(String.init))
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 30 && lines.allSatisfy { $0.contains("\tsucceeded\t") }, "\(lines)")
      #expect(lines.map { $0.split(separator: "\t").first.flatMap { Int($0) } } == Array(1...30))
    }

    @Test("inspect shows what waits and what died, and requeue runs it again when told to")
    func inspect() async throws {
      let stack = try await Stack()
      let failed = try await stack.enqueue(
        "test.fail", #"{"message":"no disk left"}"#, extra: #","max_attempts":1"#)
      #expect(try await stack.finished(failed)["state"].string == "dead")
      try stack.redis.command("HSET", "wc:{test}:config", "paused", "1")
      let waiting = try await stack.enqueue("test.noop", "{}")
      let seen = try await run("inspect", ["test"], of: stack)
      #expect(seen.status == 0 && seen.error.isEmpty, "\(seen)")
      for text in [failed, waiting, "no disk left", "exhausted", "\ntest "] {
        #expect(seen.output.contains(text), "\(seen)")
      }

      let declined = try await run("requeue", ["test", "no disk"], of: stack, input: "n\n")
      #expect(declined.status == 1 && declined.output.contains("1 dead jobs"), "\(declined)")
      #expect(try stack.hash(failed)["state"] == "dead")
      let none = try await run("requeue", ["test", "other"], of: stack)
      #expect(none.status == 0 && none.output.contains("0 dead jobs"), "\(none)")
      let done = try await run("requeue", ["test", "no disk", "--yes"], of: stack)
      #expect(done.status == 0, "\(done)")
      #expect(try stack.hash(failed)["lives"] == "2")
    }

    @Test("backup leaves a checked backup and takes away those that are too old")
    func backup() async throws {
      let stack = try await Stack(.workers(0))
      _ = try await stack.enqueue("test.noop", "{}")
      let folder = try TemporaryFolder()
      let old = try folder.write("", to: "whispercache-redis-20200101T000000Z.rdb.zst")
      let foreign = try folder.write("", to: "notes.txt")
      let long = Date(timeIntervalSinceNow: -30 * 86_400)
      for path in [old, foreign] {
        try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: path)
      }
      let result = try await run("backup", [folder.path], of: stack)
      try #require(result.status == 0, "\(result)")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.contains("notes.txt") && !left.contains { $0.contains("20200101") }, "\(left)")
      let made = try #require(left.first { $0.hasSuffix(".rdb.zst") }, "\(left)")
      #expect(result.output.contains("\n\(made)\n") && result.output.contains("checksums hold"), "\(result)")
    }
  }
}
