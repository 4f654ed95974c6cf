import RedisWire
import Sealing
import TestSupport
import Testing

@testable import Jobs

@Suite("The sources of the scripts")
struct ScriptSourceTests {
  @Test("each is embedded, whole, and opens with its flags", arguments: ScriptName.allCases)
  func whole(_ name: ScriptName) throws {
    let script = Scripts.embedded[name]
    let text = String(decoding: script.source, as: UTF8.self)
    #expect(text.hasPrefix("#!lua") && text.split(separator: "\n")[1].hasPrefix("-- \(name.rawValue): "))
    #expect(!text.contains("--@include") && !text.contains("error('no part')"))
    #expect(script.name == name.rawValue && script.source.count < 20_000)
    #expect(try script.sha1 == Hex.string(Digest.sha1.hash(script.source)))
  }

  @Test("only what puts something in is refused by a full Redis, and only what reads runs on a replica")
  func flags() {
    let flags = Dictionary(
      uniqueKeysWithValues: ScriptName.allCases.map { name in
        let source = String(decoding: Scripts.embedded[name].source, as: UTF8.self)
        return (name, String(source.prefix { $0 != "\n" }))
      })
    #expect(Set(flags.filter { $0.value == "#!lua" }.keys) == [.enqueue, .progress])
    #expect(Set(flags.filter { $0.value == "#!lua flags=no-writes" }.keys) == [.reclaim, .stats, .read, .examine])
    #expect(flags.values.filter { $0 == "#!lua flags=allow-oom" }.count == ScriptName.allCases.count - 6)
  }

  @Test("a name that is none answers an error when it is called")
  func missing() throws {
    let client = try ScriptClient(RedisServer())
    let script = RedisScript(name: "none", source: ScriptSource.bytes("none"))
    #expect(throws: RedisError.self) { try client.redis.execute(RedisCommand(script, keys: ["k"])) }
  }

  @Test("Redis knows each script by the digest that the program computed")
  func digests() throws {
    let client = try ScriptClient(RedisServer())
    for name in ScriptName.allCases {
      var command = RedisCommand("SCRIPT", "LOAD")
      command.append(Scripts.embedded[name].source)
      #expect(try client.redis.execute(command).string == Scripts.embedded[name].sha1)
    }
  }

  @Test("reading scripts answer on a replica")
  func replica() async throws {
    let primary = try RedisServer(.tcp)
    let client = try ScriptClient(primary)
    _ = try client.run(EnqueueScript.self, .init(jobs: [.numbered(1)]))
    let replica = try ScriptClient(RedisServer())
    try replica.command("REPLICAOF", "127.0.0.1", "\(try #require(primary.port))")
    try await eventually("the replica has the job") {
      try replica.run(ReadScript.self, .init(ids: [.numbered(1)]))[0]?.state == .ready
    }
    #expect(try replica.run(StatsScript.self, .init()).ready == 1)
    #expect(throws: RedisError.self) { try replica.run(ClaimScript.self, .of(1)) }
  }
}
