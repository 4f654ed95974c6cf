import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("jobctl backup", .serialized)
  struct BackupTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder("wc-backup") }

    private func jobctl(_ arguments: String..., url: String) async throws -> Tool.Result {
      try await Tool.run(try BuiltPrograms.path(of: "jobctl"), arguments, environment: ["REDIS_URL": url])
    }

    private func fill(_ server: RedisServer, count: Int = 500) throws {
      try server.command("SADD", "wc:queues", "proof")
      for number in 0..<count {
        let id = "proof.\(String(repeating: "0", count: 20))\(String(format: "%06d", number))"
        try server.command(
          "HSET", "wc:{proof}:job:\(id)", "state", "ready", "kind", "proof.inclusion", "payload",
          String(repeating: "x", count: number), "created_ms", "1")
        try server.command("LPUSH", "wc:{proof}:ready", id)
      }
    }

    /// What another server holds that was started on a snapshot.
    private func loaded(_ path: String) throws -> RedisServer {
      var options = RedisServer.Options()
      options.settings = ["--dbfilename", (path as NSString).lastPathComponent, "--dir", folder.path]
      return try RedisServer(options)
    }

    private func digest(_ server: RedisServer) throws -> String? { try server.command("DEBUG", "DIGEST").text }

    private var left: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test(
      "is all that the server holds, from a file and as it is made, over a socket and over TCP",
      arguments: ["yes", "no"])
    func whole(_ diskless: String) async throws {
      var options = RedisServer.Options.tcp
      options.settings = ["--repl-diskless-sync", diskless, "--repl-diskless-sync-delay", "0"]
      let server = try RedisServer(options)
      try fill(server)
      for (name, url) in [("a.rdb", server.url), ("b.rdb", try server.tcpURL)] {
        let file = folder.file(name)
        let result = try await jobctl("backup", file, url: url)
        #expect(result.status == 0 && result.output.contains("502 keys"), "\(result)")
        let verified = try await jobctl("backup", file, "--verify", url: url)
        #expect(verified.status == 0 && verified.output.contains("redis-check-rdb"), "\(verified)")
        let manifest = try JSONTree(Data(contentsOf: URL(fileURLWithPath: "\(file).json")))
        #expect(manifest["format"].string == "rdb" && manifest["point_in_time"].bool == true)
        #expect(manifest["queues"]["proof"]["ready"].int == 500)
        #expect(try digest(loaded(file)) == digest(server))
      }
      #expect(left == ["a.rdb", "a.rdb.json", "b.rdb", "b.rdb.json"])
    }

    @Test("under a password; a wrong one is told and leaves nothing")
    func password() async throws {
      var options = RedisServer.Options.tcp
      options.settings = ["--requirepass", "secret"]
      options.password = "secret"
      let server = try RedisServer(options)
      let port = try #require(server.port)
      let good = try await jobctl("backup", folder.file("a.rdb"), url: "redis://:secret@127.0.0.1:\(port)/0")
      #expect(good.status == 0, "\(good)")
      let bad = try await jobctl("backup", folder.file("b.rdb"), url: "redis://:wrong@127.0.0.1:\(port)/0")
      #expect(bad.status == 78 && !bad.error.contains("wrong@"), "\(bad)")
      #expect(left == ["a.rdb", "a.rdb.json"])
    }

    @Test("while jobs go in and run, is of one moment: whatever lies in it fits together")
    func moment() async throws {
      let stack = try await Stack(.workers(1, ["CONCURRENCY": "4"]))
      let lines = (0..<3000).map { _ in #"{"kind":"test.noop","payload":{}}"# }.joined(separator: "\n")
      async let bulk = stack.api.request(
        "POST", "/api/v1/jobs/bulk", ["Content-Type": "application/x-ndjson"], body: Array(lines.utf8))
      for number in 0..<3 {
        let file = folder.file("\(number).rdb")
        let result = try await jobctl("backup", file, url: stack.redis.url)
        #expect(result.status == 0, "\(result)")
        let copy = try loaded(file)
        let doctor = try await jobctl("doctor", url: copy.url)
        #expect(doctor.status == 0, "\(doctor)")
      }
      #expect(try await bulk.status == 200 && stack.allRun)
    }

    @Test("to a folder it is named by its time; a file that is there is not touched")
    func names() async throws {
      let server = try RedisServer()
      #expect(try await jobctl("backup", folder.path, url: server.url).status == 0)
      let name = try #require(left.first)
      #expect(name.hasPrefix("whispercache-2") && name.hasSuffix("Z.rdb") && left.count == 2, "\(left)")
      let before = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
      let again = try await jobctl("backup", folder.file(name), url: server.url)
      #expect(again.status == 2 && again.error.contains("there already"), "\(again)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) == before)
    }

    @Test("where replication is refused it says so, and --method scan reads key by key")
    func refused() async throws {
      let server = try RedisServer(.tcp)
      try fill(server, count: 700)
      try server.command("PEXPIREAT", "wc:{proof}:job:proof.00000000000000000000000005", "99999999999999")
      try server.command(
        "ACL", "SETUSER", "small", "on", ">secret", "~*", "&*", "+@all", "-psync", "-sync", "-replconf")
      let url = "redis://small:secret@127.0.0.1:\(try #require(server.port))/0"
      let result = try await jobctl("backup", folder.file("a.rdb"), url: url)
      #expect(result.status == 1 && result.error.contains("--method scan"), "\(result)")
      #expect(left == [])
      let file = folder.file("a.dump")
      let scan = try await jobctl("backup", file, "--method", "scan", url: url)
      #expect(scan.status == 0 && scan.output.contains("702 keys"), "\(scan)")
      let verified = try await jobctl("backup", file, "--verify", url: url)
      #expect(verified.status == 0 && verified.output.contains("702 records"), "\(verified)")
      let manifest = try JSONTree(Data(contentsOf: URL(fileURLWithPath: "\(file).json")))
      #expect(manifest["format"].string == "dump" && manifest["point_in_time"].bool == false)
    }

    @Test("a file that was cut or changed is refused, of both kinds", arguments: ["rdb", "scan"])
    func damaged(_ method: String) async throws {
      let random = SeededGenerator()
      let server = try RedisServer()
      try fill(server, count: 50)
      let file = folder.file("file")
      #expect(try await jobctl("backup", file, "--method", method, url: server.url).status == 0)
      let good = try Data(contentsOf: URL(fileURLWithPath: file))
      var flipped = good
      var generator = random
      flipped[Int.random(in: 0..<good.count, using: &generator)] ^= 4
      for bad in [good.dropLast(1), good.prefix(10), flipped, good + [0]] {
        try bad.write(to: URL(fileURLWithPath: file))
        let result = try await jobctl("backup", file, "--verify", url: server.url)
        #expect(result.status == 1 && result.error.contains("manifest says"), "\(random) \(result)")
      }
      try good.write(to: URL(fileURLWithPath: file))
      #expect(try await jobctl("backup", file, "--verify", url: server.url).status == 0)
      try FileManager.default.removeItem(atPath: "\(file).json")
      #expect(try await jobctl("backup", file, "--verify", url: server.url).status == 1)
      #expect(try await jobctl("backup", folder.file("none"), "--verify", url: server.url).status == 4)
    }

    @Test("killed in the middle it leaves no file under the name; a full disk leaves nothing at all")
    func interrupted() async throws {
      var options = RedisServer.Options()
      options.settings = [
        "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", "--rdb-key-save-delay", "3000",
      ]
      let server = try RedisServer(options)
      try fill(server, count: 2000)
      let file = folder.file("a.rdb")
      let child = try ChildProcess(
        try BuiltPrograms.path(of: "jobctl"), ["backup", file], environment: ["REDIS_URL": server.url])
      try await eventually("the backup has begun") { left.contains { $0.hasSuffix(".partial") } }
      child.kill()
      #expect(!FileManager.default.fileExists(atPath: file) && !FileManager.default.fileExists(atPath: "\(file).json"))
      try server.command("CONFIG", "SET", "rdb-key-save-delay", "0")
      for name in left { try FileManager.default.removeItem(atPath: folder.file(name)) }
      let jobctl = try BuiltPrograms.path(of: "jobctl")
      let full = try await Tool.run(
        "/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 100; exec '\(jobctl)' backup '\(file)'"],
        environment: ["REDIS_URL": server.url])
      #expect(full.status == 1 && full.error.contains("nothing is left of it"), "\(full)")
      #expect(left == [])
    }

    @Test("a server that dies while it sends is an error, and leaves nothing")
    func serverDies() async throws {
      var options = RedisServer.Options()
      options.settings = [
        "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", "--rdb-key-save-delay", "3000",
      ]
      let server = try RedisServer(options)
      try fill(server, count: 2000)
      let child = try ChildProcess(
        try BuiltPrograms.path(of: "jobctl"), ["backup", folder.file("a.rdb")], environment: ["REDIS_URL": server.url])
      try await eventually("the server saves") {
        try server.command("INFO", "persistence").text?.contains("rdb_bgsave_in_progress:1") == true
      }
      server.kill()
      #expect(try await child.waitForExit(within: .seconds(60)) == .status(1), "\(child.tail)")
      #expect(child.log.contains("nothing is left of it") && left == [], "\(child.tail)")
    }
  }
}
