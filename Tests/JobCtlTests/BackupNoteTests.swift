import Foundation
import Service
import TestSupport
import Testing
import Transport

@testable import JobCtl

@Suite("The note of a backup")
struct BackupNoteTests {
  let folder: TemporaryFolder
  let server: RedisServer
  init() throws {
    folder = try TemporaryFolder("wc-note")
    var options = RedisServer.Options()
    options.settings = ["--repl-diskless-sync-delay", "0"]
    server = try RedisServer(options)
  }

  private func jobctl(_ words: String...) async -> ProgramEnd {
    do throws(ProgramEnd) {
      return try await Invocation(words, environment: ["REDIS_URL": server.url]).run()
    } catch {
      return error
    }
  }

  private func noted(_ prefix: String = "wc") throws -> Int64? {
    try server.command("HGET", "\(prefix):meta", "backup_last_success_ms").text.flatMap { Int64($0) }
  }

  @Test("is taken when it was asked for, of a file that is made or one that is good")
  func taken() async throws {
    let file = folder.file("a.rdb")
    #expect(await jobctl("backup", file).code == .success)
    #expect(await jobctl("backup", file, "--verify").code == .success)
    #expect(try noted() == nil, "nobody said that it lies where it should")
    let created = try BackupManifest.read(of: file).createdMs
    let end = await jobctl("backup", file, "--verify", "--note")
    #expect(end.code == .success && end.errors.isEmpty && end.output.contains("good"), "\(end)")
    #expect(try noted() == created)
    #expect(await jobctl("backup", folder.file("b.rdb"), "--note", "--key-prefix", "other").code == .success)
    #expect(try noted("other") == BackupManifest.read(of: folder.file("b.rdb")).createdMs && noted() == created)
  }

  @Test("is not taken of a file that is no good or was never made")
  func bad() async throws {
    let file = folder.file("a.rdb")
    #expect(await jobctl("backup", file).code == .success)
    try FileBytes.replace(file, with: try FileBytes.read(file, limit: 1 << 20) + [0])
    #expect(await jobctl("backup", file, "--verify", "--note").code == .failure)
    #expect(await jobctl("backup", file, "--note").code == .usage)
    #expect(await jobctl("backup", folder.file("none/b.rdb"), "--note").code == .failure)
    #expect(try noted() == nil)
  }

  @Test("never goes back to an older backup, but does from a time that is yet to come")
  func later() async throws {
    let file = folder.file("a.rdb")
    #expect(await jobctl("backup", file).code == .success)
    let created = try BackupManifest.read(of: file).createdMs
    for (before, after) in [(created - 1, created), (created + 1, created + 1), (created + 86_400_000, created)] {
      try server.command("HSET", "wc:meta", "backup_last_success_ms", "\(before)")
      // The second one needs Redis' clock to be past it.
      try await eventually("the clock goes on") {
        try server.command("TIME").elements.first?.text.flatMap { Int64($0) }.map { $0 * 1000 > created } ?? false
      }
      #expect(await jobctl("backup", file, "--verify", "--note").code == .success)
      #expect(try noted() == after, "\(before - created)")
    }
  }

  @Test(
    "is no reason for a backup to fail: a replica, a user who may only read, and a server that is gone are warnings")
  func warnings() async throws {
    let file = folder.file("a.rdb")
    #expect(await jobctl("backup", file).code == .success)
    try server.command("REPLICAOF", "127.0.0.1", "1")
    let replica = await jobctl("backup", file, "--verify", "--note")
    #expect(replica.code == .success && replica.output.contains("good"), "\(replica)")
    #expect(replica.errors.hasPrefix("jobctl: warning: ") && replica.errors.contains("READONLY"), "\(replica)")
    try server.command("REPLICAOF", "NO", "ONE")
    try server.command(
      "ACL", "SETUSER", "default", "-@all", "+info", "+smembers", "+time", "+hget", "+psync", "+replconf")
    let reader = await jobctl("backup", folder.file("b.rdb"), "--note")
    #expect(
      reader.code == .success && reader.errors.contains("warning") && reader.errors.contains("NOPERM"), "\(reader)")
    #expect(FileManager.default.fileExists(atPath: folder.file("b.rdb")))
    server.kill()
    let gone = await jobctl("backup", file, "--verify", "--note", "--timeout", "2s")
    #expect(gone.code == .success && gone.errors.contains("warning"), "\(gone)")
  }
}
