import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("jobctl restore", .serialized)
  struct RestoreTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder("wc-restore") }

    private func jobctl(_ arguments: [String], _ server: RedisServer) async throws -> Tool.Result {
      try await Tool.run(
        try BuiltPrograms.path(of: "jobctl"), arguments,
        environment: ["REDIS_URL": server.url, "TMPDIR": folder.path], within: .seconds(90))
    }

    /// 300 ready jobs, one that runs, one that ended and is kept for a while.
    private func filled() throws -> RedisServer {
      var options = RedisServer.Options()
      options.settings = ["--repl-diskless-sync-delay", "0"]
      let server = try RedisServer(options)
      try server.command("SADD", "wc:queues", "proof")
      for number in 0..<300 {
        try server.command(
          "HSET", key(number), "state", "ready", "kind", "proof.inclusion", "payload", "{\"n\":\(number)}",
          "created_ms", "1")
        try server.command("LPUSH", "wc:{proof}:ready", id(number))
      }
      try server.command(
        "HSET", key(300), "state", "running", "kind", "proof.inclusion", "payload", "{}", "created_ms", "1",
        "deliveries",
        "4", "attempts", "1", "worker", "w")
      try server.command("ZADD", "wc:{proof}:running", "5", id(300))
      let now = Int(Date().timeIntervalSince1970 * 1000)
      try server.command(
        "HSET", key(301), "state", "succeeded", "kind", "proof.inclusion", "result", "{}", "created_ms", "1",
        "deliveries",
        "1", "attempts", "1", "finished_ms", "\(now)")
      try server.command("PEXPIREAT", key(301), "\(now + 3_600_000)")
      try server.command("ZADD", "wc:{proof}:done", "\(now)", id(301))
      return server
    }

    private func id(_ number: Int) -> String {
      "proof." + String(repeating: "0", count: 20) + String(format: "%06d", number)
    }
    private func key(_ number: Int) -> String { "wc:{proof}:job:\(id(number))" }

    private func backup(_ server: RedisServer, _ method: String) async throws -> String {
      let file = folder.file("backup")
      let result = try await jobctl(["backup", file, "--method", method], server)
      #expect(result.status == 0, "\(result)")
      return file
    }

    private func isMaster(_ server: RedisServer) throws -> Bool {
      try server.command("INFO", "replication").text?.contains("role:master") == true
        && server.command("CONFIG", "GET", "masterauth").fields["masterauth"] == "former"
    }

    private func target() throws -> RedisServer {
      let server = try RedisServer()
      try server.command("CONFIG", "SET", "masterauth", "former")
      return server
    }

    @Test("brings every job back, field by field, under new tokens; what ran waits again", arguments: ["rdb", "scan"])
    func roundTrip(_ method: String) async throws {
      let source = try filled()
      let file = try await backup(source, method)
      let server = try target()
      let result = try await jobctl(["restore", file], server)
      #expect(result.status == 0 && result.output.contains("302 jobs, 1 of them put back"), "\(result)")
      #expect(method == "scan" || result.output.contains("on disk: nothing"), "\(result)")
      #expect(try isMaster(server))
      for number in 0...301 {
        var expected = try source.command("HGETALL", key(number)).fields
        var restored = try server.command("HGETALL", key(number)).fields
        #expect(restored["deliveries"] == "\(1_000_000 + (Int(expected["deliveries"] ?? "0") ?? 0))")
        if number == 300 {
          #expect(restored["state"] == "ready" && restored["worker"] == "" && restored["ready_ms"] != nil)
          #expect(restored["history"]?.contains(" released ") == true && restored["history"]?.contains(" w ") == true)
          for name in ["state", "worker", "ready_ms", "history"] { (expected[name], restored[name]) = (nil, nil) }
        }
        (expected["deliveries"], restored["deliveries"]) = (nil, nil)
        #expect(restored == expected, "\(number)")
      }
      #expect(try server.command("PEXPIRETIME", key(301)) == source.command("PEXPIRETIME", key(301)))
      let line = try source.command("LRANGE", "wc:{proof}:ready", "0", "-1").elements.compactMap(\.text)
      #expect(
        try server.command("LRANGE", "wc:{proof}:ready", "0", "-1").elements.compactMap(\.text) == line + [id(300)])
      #expect(try await jobctl(["doctor"], server).status == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["backup", "backup.json"])
    }

    @Test("a server that holds anything is refused, and is left as it is", arguments: ["rdb", "scan"])
    func notEmpty(_ method: String) async throws {
      let file = try await backup(try filled(), method)
      let server = try target()
      try server.command("SET", "mine", "here")
      let result = try await jobctl(["restore", file], server)
      #expect(result.status == 1 && result.error.contains("holds 1 keys"), "\(result)")
      #expect(try server.command("GET", "mine").text == "here" && server.command("DBSIZE").int == 1)
      #expect(try isMaster(server))
    }

    @Test("a file that was cut or changed is refused before anything is done", arguments: ["rdb", "scan"])
    func damaged(_ method: String) async throws {
      let file = try await backup(try filled(), method)
      let good = try Data(contentsOf: URL(fileURLWithPath: file))
      var flipped = good
      flipped[good.count / 2] ^= 1
      let server = try target()
      for bad in [good.dropLast(9), flipped] {
        try bad.write(to: URL(fileURLWithPath: file))
        let result = try await jobctl(["restore", file], server)
        #expect(result.status == 1 && result.error.contains("manifest says"), "\(result)")
      }
      #expect(try server.command("DBSIZE").int == 0 && isMaster(server))
    }

    @Test("interrupted in the middle, it leaves a master, its former login, and no server of its own")
    func interrupted() async throws {
      let file = try await backup(try filled(), "rdb")
      // So slow that the middle is easily met.
      let slow = try folder.write("#!/bin/sh\nexec redis-server \"$1\" --rdb-key-save-delay 30000\n", to: "slow")
      chmod(slow, 0o700)
      let server = try target()
      let child = try ChildProcess(
        try BuiltPrograms.path(of: "jobctl"), ["restore", file, "--redis-server", slow],
        environment: ["REDIS_URL": server.url, "TMPDIR": folder.path])
      try await eventually("the target takes the data") {
        try server.command("INFO", "replication").text?.contains("master_sync_in_progress:1") == true
      }
      child.signal(SIGINT)
      #expect(try await child.waitForExit(within: .seconds(40)) == .status(130), "\(child.tail)")
      #expect(child.log.contains("a master again and holds 0 keys"), "\(child.tail)")
      #expect(try isMaster(server))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(left == ["backup", "backup.json", "slow"])
    }

    @Test("a program that is no redis-server, and an address that is none, are told")
    func wrong() async throws {
      let file = try await backup(try filled(), "rdb")
      let server = try target()
      let program = try await jobctl(["restore", file, "--redis-server", "/bin/false"], server)
      #expect(program.status == 1 && program.error.contains("cannot load the file"), "\(program)")
      let missing = try await jobctl(["restore", file, "--redis-server", folder.file("none")], server)
      #expect(missing.status == 69, "\(missing)")
      #expect(try await jobctl(["restore", file, "--listen", "a b"], server).status == 2)
      #expect(try await jobctl(["restore", folder.file("none")], server).status == 4)
      #expect(try server.command("DBSIZE").int == 0 && isMaster(server))
    }

    @Test("what was under way at the backup is done after the restore")
    func continues() async throws {
      let stack = try await Stack(.workers(1))
      let answer = try await stack.api.post(
        "/api/v1/jobs", json: #"{"kind":"test.sleep","payload":{"ms":20000},"timeout":"60s"}"#)
      let id = try #require(answer.json["id"].string)
      let quick = try await stack.api.post("/api/v1/jobs", json: #"{"kind":"test.noop","payload":{},"delay":"1h"}"#)
      try await eventually("it runs") {
        try await stack.api.get("/api/v1/jobs/\(id)").json["state"].string == "running"
      }
      let file = try await backup(stack.redis, "rdb")
      let server = try target()
      #expect(try await jobctl(["restore", file], server).status == 0)
      let fields = try server.command("HGETALL", "wc:{test}:job:\(id)").fields
      #expect(fields["state"] == "ready" && fields["deliveries"] == "1000001", "\(fields)")
      #expect(try server.command("ZCARD", "wc:{test}:scheduled").int == 1 && quick.status == 202)
      // Short enough for a test, in place of the rest of the 20 s.
      try server.command("HSET", "wc:{test}:job:\(id)", "payload", #"{"ms":1}"#)
      let worker = try ChildProcess(
        try BuiltPrograms.worker,
        environment: Stack.base.merging(["REDIS_URL": server.url, "METRICS_PORT": "off"]) { $1 },
        inherits: false)
      try await eventually("it is done") {
        try server.command("HGET", "wc:{test}:job:\(id)", "state").text == "succeeded"
      }
      worker.terminate()
    }
  }
}
