import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("Several queues at once") struct SeveralQueuesTests {
  @Test("are counted and read as one by one, also where one has never had a job", arguments: [Place.alone, .cluster])
  func together(place: Place) async throws {
    try await StoreFixture.run(RedisServer(place == .cluster ? .cluster : .init())) { fixture async throws in
      let store = fixture.store
      let queues = try ["first", "second", "empty"].map { try #require(QueueName($0)) }
      var minter = JobIDMinter()
      let kind = try #require(KindName("test.noop"))
      for (queue, count) in zip(queues, [3, 70, 0]) {
        let jobs = (0..<count).map { _ in NewJob(id: minter.mint(queue), kind: kind, payload: Array("{}".utf8)) }
        for result in await store.enqueue(jobs) { #expect(try result.get() == .created) }
      }
      try await store.change([.leaseMs(5000), .maxAttempts(2)], of: queues[1])
      let stats = try await store.stats(queues)
      #expect(stats.map(\.ready) == [3, 70, 0])
      for (queue, together) in zip(queues, stats) {
        let alone = try await store.stats(queue)
        #expect(alone.ready == together.ready && alone.nowMs >= together.nowMs)
      }
      let settings = try await store.settings(queues)
      #expect(settings.map(\.leaseMs) == [nil, 5000, nil] && settings.map(\.maxAttempts) == [nil, 2, nil])
      #expect(try await store.stats([QueueName]()).isEmpty)
      let now = try #require(stats.map(\.nowMs).max())
      let history = try await store.history(of: queues, endingAt: now, minutes: 3)
      #expect(history.count == 3 && history.map(\.enqueued).reduce(0, +) == 73)
      #expect(history.map(\.startMs) == (-2...0).map { (now / 60_000 + $0) * 60_000 })
    }
  }

  @Test("a setting that somebody spoilt counts as absent, a key of another type is an error")
  func spoilt() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let queues = try ["first", "second"].map { try #require(QueueName($0)) }
      try fixture.beside.command("HSET", "wc:{first}:config", "lease_ms", "soon", "max_depth", "-1")
      #expect(try await fixture.store.settings(queues) == [QueueSettings(), QueueSettings()])
      try fixture.beside.command("SET", "wc:{second}:config", "x")
      await #expect(throws: JobError.self) { try await fixture.store.settings(queues) }
    }
  }
}
