import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("jobctl", .serialized)
  struct JobCtlTests {
    private func jobctl(_ stack: Stack, _ arguments: String..., input: String? = nil) async throws -> Tool.Result {
      try await Tool.run(
        try BuiltPrograms.path(of: "jobctl"), arguments, input: input,
        environment: ["WHISPERCACHE_API": "http://127.0.0.1:\(stack.api.port)"])
    }

    private func id(_ result: Tool.Result) throws -> String {
      let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("id ") }, "\(result)")
      return String(try #require(line.split(separator: " ").last))
    }

    @Test("a job is put in, waited for and read")
    func submit() async throws {
      let stack = try await Stack()
      let done = try await jobctl(stack, "enqueue", "--kind", "test.noop", "{}", "--wait", "30s", "--json")
      #expect(done.status == 0 && done.output.contains(#""state":"succeeded""#), "\(done)")
      let piped = try await jobctl(
        stack, "enqueue", "--kind", "test.noop", "-", "--idempotency-key", "one", input: #"{}"#)
      let again = try await jobctl(stack, "enqueue", "--kind", "test.noop", "{}", "--idempotency-key", "one")
      #expect(try id(piped) == id(again))
      #expect(try await jobctl(stack, "wait", id(piped), "--for", "30s").status == 0)
      #expect(try await jobctl(stack, "get", id(piped)).output.contains("succeeded"))
      let missing = try await jobctl(stack, "get", "test.01ARZ3NDEKTSV4RRFFQ69G5FAV")
      #expect(missing.status == 4 && missing.error.contains("404"), "\(missing)")
      let wrong = try await jobctl(stack, "enqueue", "--kind", "test.nop", "{}")
      #expect(wrong.status == 1 && wrong.error.contains("/kind"), "\(wrong)")
    }

    @Test("waiting jobs are listed and cancelled; a queue is paused and resumed")
    func operate() async throws {
      let stack = try await Stack(.workers(0))
      #expect(try await jobctl(stack, "pause", "test", "--reason", "why").output.contains("true"))
      #expect(try await stack.api.get("/api/v1/queues/test").json["paused_reason"].string == "why")
      #expect(try await jobctl(stack, "resume", "test").output.contains("false"))
      let waiting = try id(try await jobctl(stack, "enqueue", "--kind", "test.noop", "{}", "--delay", "1h"))
      #expect(try await jobctl(stack, "jobs", "--queue", "test", "--state", "scheduled").output.contains(waiting))
      let late = try await jobctl(stack, "wait", waiting, "--for", "1s")
      #expect(late.status == 75 && late.error.contains("jobctl wait"), "\(late)")
      #expect(try await jobctl(stack, "cancel", waiting).status == 0)
      #expect(try await jobctl(stack, "wait", waiting).status == 1)
      let queues = try await jobctl(stack, "queues")
      #expect(queues.output.hasPrefix("QUEUE") && queues.output.contains("\ntest "), "\(queues)")
      #expect(try await jobctl(stack, "workers").status == 0)
    }

    @Test("dead letters are listed, counted, run again, exported and purged")
    func dead() async throws {
      let stack = try await Stack()
      let failing = ["enqueue", "--kind", "test.fail", #"{"message":"no disk"}"#]
      let end = try await jobctl(
        stack, failing[0], failing[1], failing[2], failing[3], "--max-attempts", "1", "--wait", "30s")
      #expect(end.status == 1, "\(end)")
      let dead = try id(end)
      #expect(try await jobctl(stack, "dead", "list", "--queue", "test").output.contains(dead))
      #expect(try await jobctl(stack, "dead", "show", dead).output.contains("no disk"))
      #expect(try await jobctl(stack, "dead", "export").output.contains(#""id":"\#(dead)""#))
      #expect(try await jobctl(stack, "dead", "purge").status == 2)
      #expect(try await jobctl(stack, "dead", "purge", dead, "--limit", "1").status == 2)
      let dry = try await jobctl(stack, "dead", "purge", "--error", "no disk", "--dry-run", "--json")
      #expect(dry.status == 0 && dry.output.contains(#""matched":1"#), "\(dry)")
      #expect(try await jobctl(stack, "dead", "requeue", dead).status == 0)
      #expect(try await jobctl(stack, "wait", dead, "--for", "30s").status == 1)
      #expect(try await jobctl(stack, "dead", "purge", "--all").status == 0)
      #expect(try await jobctl(stack, "get", dead).status == 4)
    }

    @Test("a limit bounds what is purged, and says that there is more")
    func limit() async throws {
      let stack = try await Stack()
      for _ in 0..<2 {
        let end = try await jobctl(
          stack, "enqueue", "--kind", "test.fail", #"{"message":"m"}"#, "--max-attempts", "1", "--wait", "30s")
        #expect(end.status == 1, "\(end)")
      }
      let first = try await jobctl(stack, "dead", "purge", "--all", "--limit", "1")
      #expect(first.status == 3 && first.error.contains("more"), "\(first)")
      #expect(try await stack.api.get("/api/v1/queues/test").json["counts"]["dead"].int == 1)
      let second = try await jobctl(stack, "dead", "purge", "--all", "--limit", "1")
      #expect(second.output.contains("purged") && second.status == 0, "\(second)")
    }

    @Test("more dead letters than a call takes are purged by a job that is waited for")
    func manyDead() async throws {
      let stack = try await Stack(.workers(0))
      let script = """
        local now = redis.call('TIME')[1] * 1000 - 100000
        for i = 1, 1200 do
          local id = string.format('test.01ARZ3NDEKTSV4RRFFQ%07d', i)
          redis.call('HSET', 'wc:{test}:job:' .. id, 'kind', 'test.noop', 'state', 'dead', 'error', 'x', 'finished_ms', now)
          redis.call('ZADD', 'wc:{test}:dead', now + i, id)
        end
        """
      _ = try stack.redis.command("EVAL", script, "0")
      let begun = try await jobctl(stack, "dead", "requeue", "--error", "y", "--no-wait")
      #expect(begun.status == 0 && begun.output.contains("matched"), "\(begun)")
      let purged = try await jobctl(stack, "dead", "purge", "--all", "--json")
      #expect(purged.status == 0 && purged.output.contains(#""purged":1200"#), "\(purged)")
      #expect(try stack.redis.command("ZCARD", "wc:{test}:dead").int == 0)
    }

    @Test("a schedule is defined, listed, run, paused, resumed, defined anew and deleted")
    func schedules() async throws {
      let stack = try await Stack(.workers(0))
      let set = try await jobctl(
        stack, "schedules", "set", "nightly", "--cron", "30 2 * * *", "--tz", "Europe/Berlin", "--kind", "test.noop",
        "--overlap", "allow", #"{"n":1}"#)
      #expect(set.status == 0 && set.output.contains("next_run_at"), "\(set)")
      let list = try await jobctl(stack, "schedules", "list")
      #expect(list.output.hasPrefix("SCHEDULE") && list.output.contains("Europe/Berlin"), "\(list)")
      let run = try await jobctl(stack, "schedules", "run", "nightly")
      #expect(run.status == 0)
      #expect(try await jobctl(stack, "jobs", "--queue", "test", "--state", "ready").output.contains(id(run)))
      let paused = try await jobctl(stack, "schedules", "pause", "nightly", "--json")
      #expect(paused.output.contains(#""paused":true"#) && paused.output.contains(#""overlap":"allow""#), "\(paused)")
      let resumed = try await jobctl(stack, "schedules", "resume", "nightly", "--json")
      #expect(resumed.output.contains(#""paused":false"#) && resumed.output.contains(#""payload":{"n":1}"#))
      let anew = try await jobctl(stack, "schedules", "set", "nightly", "--cron", "@every 90s", "--json")
      #expect(anew.output.contains(#""cron":"@every 90s""#) && anew.output.contains(#""payload":{"n":1}"#))
      #expect(try await jobctl(stack, "schedules", "delete", "nightly").status == 0)
      #expect(try await jobctl(stack, "schedules", "show", "nightly").status == 4)
      for words in [["set", "x"], ["set", "x", "--cron", "@daily", "{}"], ["show"], ["what", "x"]] {
        let wrong = try await Tool.run(try BuiltPrograms.path(of: "jobctl"), ["schedules"] + words)
        #expect(wrong.status == 2, "\(words): \(wrong)")
      }
      let refused = try await jobctl(stack, "schedules", "set", "x", "--cron", "61 * * * *", "--kind", "test.noop")
      #expect(refused.status == 1 && refused.error.contains("/cron"), "\(refused)")
    }

    @Test("an API behind TLS is spoken to when its authority is named")
    func secured() async throws {
      let stack = try await Stack()
      let authority = try await TestAuthority()
      let relay = try await TLSRelay(to: stack.api.port, certificate: try await authority.sign("DNS:localhost"))
      let jobctl = try BuiltPrograms.path(of: "jobctl")
      let api = ["--api", "https://localhost:\(relay.port)"]
      let enqueue = ["enqueue", "--kind", "test.noop", "{}", "--wait", "30s"]
      let done = try await Tool.run(jobctl, enqueue + api + ["--ca-file", authority.certificate])
      #expect(done.status == 0 && done.output.contains("succeeded"), "\(done)")
      let lines = (0..<500).map { _ in #"{"kind":"test.noop","payload":{}}"# }.joined(separator: "\n")
      let folder = try TemporaryFolder()
      let file = try folder.write(lines, to: "jobs.ndjson")
      let filled = try await Tool.run(
        jobctl, ["backfill", file, "--wait", folder.file("results")] + api,
        environment: ["WHISPERCACHE_CA_FILE": authority.certificate])
      #expect(filled.status == 0, "\(filled)")
      let distrusted = try await Tool.run(jobctl, ["queues"] + api)
      #expect(distrusted.status == 69 && distrusted.error.contains("certificate"), "\(distrusted)")
    }

    @Test("Ctrl-C ends a watch with exit code 130, the cursor as it was")
    func watch() async throws {
      let stack = try await Stack(.workers(0))
      let api = "http://127.0.0.1:\(stack.api.port)"
      let jobctl = try BuiltPrograms.path(of: "jobctl")
      let output = try await Tool.output(
        of: Oracles.python,
        ["-B", "\(Oracles.folder)/terminal.py", "PAUSED", jobctl, "queues", "--watch", "--api", api])
      let end = try JSONTree(output)
      let written = try #require(end["written"].string)
      #expect(end["status"].int == 130, "\(end)")
      #expect(written.hasPrefix("\u{1B}[?25l") && written.hasSuffix("\u{1B}[?25h"), "\(end)")

      let piped = try ChildProcess(jobctl, ["queues", "--watch", "--api", api])
      try await piped.line(containing: "PAUSED")
      piped.signal(SIGINT)
      #expect(try await piped.waitForExit() == .status(130))
      #expect(!piped.log.contains("\u{1B}"), "no escapes without a terminal")

      let silent = try #require(stack.producer)
      silent.pause()
      let waiting = try ChildProcess(jobctl, ["queues", "--api", api])
      defer { silent.resume() }
      try await eventually("it waits for its answer") { try await Self.blocksSignals(waiting.processID) }
      waiting.terminate()
      #expect(try await waiting.waitForExit() == .status(130))
    }

    /// Whether a process has a signalfd, which is when it takes signals in order.
    private static func blocksSignals(_ process: Int32) async throws -> Bool {
      let folder = "/proc/\(process)/fd"
      return try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) == "anon_inode:[signalfd]"
      }
    }

    @Test("an API that takes and never answers is left after --timeout")
    func silence() async throws {
      let stack = try await Stack(.workers(0))
      let producer = try #require(stack.producer)
      producer.signal(SIGSTOP)
      defer { producer.signal(SIGCONT) }
      let result = try await Tool.run(
        try BuiltPrograms.path(of: "jobctl"),
        ["queues", "--timeout", "300ms", "--api", "http://127.0.0.1:\(stack.api.port)"], within: .seconds(40))
      #expect(result.status == 69, "\(result)")
    }

    @Test("without an API it says where it looked, with exit code 69")
    func nobody() async throws {
      let result = try await Tool.run(
        try BuiltPrograms.path(of: "jobctl"), ["queues", "--api", "http://127.0.0.1:\(try FreePort.next())"])
      #expect(result.status == 69 && result.error.contains("WHISPERCACHE_API"), "\(result)")
    }
  }
}
