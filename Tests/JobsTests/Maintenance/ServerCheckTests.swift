import RedisWire
import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("The check of the server")
struct ServerCheckTests {
  static let good = """
    # Server\r\nredis_version:7.0.15\r\n# Memory\r\nused_memory:100\r\nmaxmemory:1000\r\nmaxmemory_policy:noeviction\r
    # Persistence\r\naof_enabled:1\r\n# Replication\r\nrole:master\r\n
    """
  static let settings = ["appendfsync": "always", "hash-max-listpack-value": "1024"]

  private func codes(_ replacing: String = "", _ by: String = "", _ changes: [String: String] = [:]) -> [String] {
    let info = ServerInfo(replacing.isEmpty ? Self.good : Self.good.replacing(replacing, with: by))
    let settings = Self.settings.merging(changes) { $1 }
    return ServerCheck.findings(info: info, settings: settings).map { "\($0.severity.rawValue) \($0.code)" }
  }

  @Test("a good server has no findings")
  func clean() { #expect(codes().isEmpty) }

  @Test("each weakness is found")
  func weak() {
    #expect(codes("7.0.15", "6.2.14") == ["error version"] && codes("redis_version:7.0.15", "") == ["warning version"])
    #expect(codes("7.0.15", "x") == ["error version"] && codes("7.0.15", "8.2.1").isEmpty)
    #expect(codes("role:master", "role:slave") == ["error role"])
    #expect(codes("noeviction", "allkeys-lru") == ["error maxmemory_policy"])
    #expect(codes("maxmemory:1000", "maxmemory:0") == ["notice maxmemory"])
    #expect(codes("aof_enabled:1", "aof_enabled:0") == ["warning aof"])
    #expect(codes("", "", ["appendfsync": "no"]) == ["warning appendfsync"])
    #expect(codes("", "", ["appendfsync": "everysec"]) == ["notice appendfsync"])
    #expect(codes("", "", ["hash-max-listpack-value": "64"]) == ["warning listpack"])
  }

  @Test("a server that refuses CONFIG is judged by INFO, and says so")
  func managed() {
    let findings = ServerCheck.findings(info: ServerInfo(Self.good), settings: [:])
    #expect(findings.map(\.code) == ["config"] && findings.allSatisfy { $0.description.count > 30 })
  }

  @Test("INFO is read line by line, whatever it holds")
  func info() {
    let info = ServerInfo("# X\r\na:1\r\nnonsense\r\nb:2:3\n\n:c\r\nused_memory:9\nmaxmemory:0")
    #expect(info["a"] == "1" && info["b"] == "2:3" && info["c"] == nil && info.memoryFill == nil)
    #expect(ServerInfo(Self.good).memoryFill == 0.1 && ServerInfo("").memoryFill == nil)
    var random = SeededGenerator()
    for _ in 0..<2000 {
      _ = ServerInfo(String(decoding: random.mutate(Array(Self.good.utf8)), as: UTF8.self)).memoryFill
    }
  }

  @Test("errors weigh more than warnings, and those more than notices")
  func severities() {
    #expect(ServerFinding.Severity.allCases.sorted() == [.notice, .warning, .error])
  }

  @Test("a real server, durable and not")
  func real() async throws {
    try await StoreFixture.run(RedisServer(.durable)) { fixture async throws in
      #expect(try await fixture.store.checkServer().map(\.code) == ["maxmemory"])
    }
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      try fixture.beside.command("CONFIG", "SET", "hash-max-listpack-value", "64")
      #expect(try await fixture.store.checkServer().map(\.code) == ["maxmemory", "aof", "listpack"])
      try fixture.beside.command("ACL", "SETUSER", "default", "-config")
      #expect(try await fixture.store.checkServer().map(\.code) == ["maxmemory", "aof", "config"])
    }
  }
}
