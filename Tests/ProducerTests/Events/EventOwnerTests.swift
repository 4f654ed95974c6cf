import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Events of jobs over memories are their owners'") struct EventOwnerTests {
  private static let memory = #"{"kind":"memory.recall","payload":{"user":"u","memory_id":"m"}}"#
  private static let common = #"{"kind":"proof.anchor","payload":{"hash":"1"},"queue":"memory"}"#
  private static let scope = "jobs:read jobs:write"

  private static func caller(_ name: String, _ scope: String = scope) throws -> [String: String] {
    TokenMint.bearer(try TokenMint.token(sub: name, scope: scope))
  }

  private static func submit(
    _ producer: LiveProducer, _ json: String, _ caller: [String: String]
  ) async throws -> String {
    let answer = try await producer.submit(json, caller)
    return try #require(answer.json["id"].string, "\(answer)")
  }

  /// How often Redis was asked for jobs.
  private static func reads(_ producer: LiveProducer) async throws -> Int {
    let name = #"whispercache_redis_operation_duration_seconds_count{operation="read"} "#
    let line = try await producer.http.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name) }
    return try #require(line.flatMap { Int($0.dropFirst(name.count)) })
  }

  @Test("others are not told of them, on any stream, live or afterwards; operators are told of all")
  func hidden() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let (alice, bob) = (try Self.caller("alice"), try Self.caller("bob"))
      let admin = try Self.caller("root", "admin")
      var readers: [EventReader] = []
      var greetings: [String] = []
      for caller in [alice, bob, admin] {
        let reader = try await EventReader(producer.http, "/api/v1/events?queue=memory", caller)
        greetings.append(try #require(try await reader.next()?.id))
        readers.append(reader)
      }
      let alices = try await Self.submit(producer, Self.memory, alice)
      let bobs = try await Self.submit(producer, Self.memory, bob)
      let everybodys = try await Self.submit(producer, Self.common, alice)
      _ = try producer.worker().claim("memory")
      // All three are claimed in one call, in the order of the line.
      for (reader, ids) in zip(readers, [[alices, everybodys], [bobs, everybodys], [alices, bobs, everybodys]]) {
        #expect(try await reader.next(ids.count).map { $0["id"] } == ids)
      }
      // A reader that comes back is told its own share of what it missed.
      for (greeting, (caller, ids)) in zip(
        greetings, [(alice, [alices, everybodys]), (bob, [bobs, everybodys]), (admin, [alices, bobs, everybodys])])
      {
        let back = try await EventReader(producer.http, "/api/v1/events?queue=memory", after: greeting, caller)
        #expect(try await back.next()?.name == "hello")
        #expect(try await back.next(ids.count).map { $0["id"] } == ids)
      }
    }
  }

  @Test("whose a job is, is read once, however many streams and changes there are; for operators never")
  func reads() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let alice = try Self.caller("alice")
      let admin = try Self.caller("root", "admin")
      let operators = try await EventReader(producer.http, "/api/v1/events?queue=memory", admin)
      #expect(try await operators.next()?.name == "hello")
      for _ in 0..<5 { _ = try await Self.submit(producer, Self.memory, alice) }
      let worker = try producer.worker()
      let before = try await Self.reads(producer)
      let first = try worker.claim("memory")
      _ = try await operators.next(5)
      #expect(try await Self.reads(producer) == before)
      var readers: [EventReader] = []
      for _ in 0..<4 {
        let reader = try await EventReader(producer.http, "/api/v1/events?queue=memory", alice)
        #expect(try await reader.next()?.name == "hello")
        readers.append(reader)
      }
      try worker.settle(first, .release(afterMs: 0))
      for reader in readers { _ = try await reader.next(5) }
      let after = try await Self.reads(producer)
      #expect(after > before && after <= before + 2, "one call for all streams, or two where the changes came apart")
      try worker.finish("memory")
      for reader in readers { _ = try await reader.next(10) }
      #expect(try await Self.reads(producer) == after)
    }
  }

  @Test("a job that was deleted before anybody looked is nobody's but the operators'")
  func deleted() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let alice = try Self.caller("alice")
      let reader = try await EventReader(producer.http, "/api/v1/events?queue=memory", alice)
      #expect(try await reader.next()?.name == "hello")
      try producer.redis.command("PUBLISH", "wc:{memory}:events", "memory.01ARZ3NDEKTSV4RRFFQ69G5FAV running")
      let id = try await Self.submit(producer, Self.memory, alice)
      _ = try producer.worker().claim("memory")
      #expect(try await reader.next()?["id"] == id)
    }
  }
}
