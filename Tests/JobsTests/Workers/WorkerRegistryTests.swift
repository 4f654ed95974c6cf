import Jobs
import TestSupport
import Testing

@Suite("Registry of workers")
struct WorkerRegistryTests {
  private static func note(_ id: String, _ state: WorkerState = .running, _ queues: [QueueName]) -> WorkerNote {
    WorkerNote(
      id: id, host: "h", processID: 7, version: "1", state: state, queues: queues, slots: 4, busy: 2, residentBytes: 9)
  }

  @Test("workers are counted by state and by queue; one whose hash has ended is lost and serves nothing")
  func census() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let registry = WorkerRegistry(client: fixture.client, keys: fixture.store.keys)
      let memory = try #require(QueueName("memory"))
      try await registry.announce(Self.note("a", .running, [.proof, memory]))
      try await registry.announce(Self.note("b", .draining, [.proof]))
      try await registry.announce(Self.note("c", .running, [.proof]))
      try fixture.server.command("DEL", "wc:worker:c")
      let census = try await registry.census()
      #expect(census.byState == [.running: 1, .draining: 1, .lost: 1])
      #expect(census.byQueue == [.proof: 2, memory: 1])
    }
  }

  @Test("a beat tells what the worker does, and ends by itself")
  func beat() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let registry = WorkerRegistry(client: fixture.client, keys: fixture.store.keys)
      try await registry.announce(Self.note("a", .quiet, [.proof]))
      let hash = try fixture.server.command("HGETALL", "wc:worker:a").fields
      #expect(hash["state"] == "quiet" && hash["queues"] == "proof" && hash["slots"] == "4" && hash["busy"] == "2")
      #expect((1...20).contains(try fixture.server.command("TTL", "wc:worker:a").int ?? -1))
    }
  }

  @Test("a worker that leaves is gone, and one that was lost long ago is forgotten")
  func leaving() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let registry = WorkerRegistry(client: fixture.client, keys: fixture.store.keys)
      try await registry.announce(Self.note("a", .running, [.proof]))
      try await registry.leave("a")
      #expect(try fixture.server.command("EXISTS", "wc:worker:a", "wc:workers").int == 0)
      try fixture.server.command("ZADD", "wc:workers", "1", "ancient")
      #expect(try await registry.census() == WorkerCensus())
      #expect(try fixture.server.command("EXISTS", "wc:workers").int == 0)
    }
  }
}
