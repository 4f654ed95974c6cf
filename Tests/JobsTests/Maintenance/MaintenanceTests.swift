import RedisWire
import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("Maintenance")
struct MaintenanceTests {
  @Test("a pass recovers, promotes and poisons, and tells what it did")
  func pass() async throws {
    try await StoreFixture.run(RedisServer(), isVirtual: true) { fixture async throws in
      let maintenance = Maintenance(fixture.store)
      _ = await fixture.store.enqueue((1...100).map { .numbered($0) } + [.numbered(101, start: .afterMs(10))])
      _ = try await fixture.store.claim(64, from: .proof, worker: "w")
      _ = try await fixture.store.claim(36, from: .proof, worker: "w")
      var events: [Maintenance.Event] = []
      await maintenance.pass(over: [.proof, .memory]) { events.append($0) }
      #expect(events.isEmpty)
      for round in 1...3 {
        try fixture.later(15_001)
        events = []
        await maintenance.pass(over: [.proof, .memory]) { events.append($0) }
        guard case .done(.proof, let done) = events.first, events.count == 1 else {
          Issue.record("round \(round): \(events)")
          return
        }
        #expect(done.lost == 100 && done.promoted == (round == 1 ? 1 : 0) && !done.mayHaveMore)
        #expect(round < 3 ? done.recovered == 100 : done.poisoned == 100)
        if round == 1 { _ = try await fixture.store.cancel([.numbered(101)]) }
        for limit in [64, 36] where round < 3 { _ = try await fixture.store.claim(limit, from: .proof, worker: "w") }
      }
      #expect(try await fixture.store.stats(.proof).dead == 100)
    }
  }

  @Test("done and dead end by count and by age")
  func trimming() async throws {
    let retention = Retention(resultMs: 60_000, deadMs: 120_000, doneMax: 20, deadMax: 10)
    try await StoreFixture.run(RedisServer(), retention: retention, isVirtual: true) { fixture async throws in
      _ = await fixture.store.enqueue((1...60).map { .numbered($0) })
      let claimed = try await fixture.store.claim(60, from: .proof, worker: "w").jobs
      let ends = claimed.enumerated().map { place, job in
        Settlement(
          id: job.id, token: job.token, end: place % 2 == 0 ? .success([49]) : .dead(.permanent, error: "no"))
      }
      _ = try await fixture.store.settle(ends, on: .proof, worker: "w")
      var stats = try await fixture.store.stats(.proof)
      #expect(stats.done == 20 && stats.dead == 10)
      #expect(try fixture.beside.strings("KEYS", fixture.beside.keys.base + "job:*").count == 30)
      try fixture.later(60_001)
      var trimmed = 0
      await Maintenance(fixture.store).pass(over: [.proof]) {
        if case .done(_, let done) = $0 { trimmed += done.trimmed }
      }
      stats = try await fixture.store.stats(.proof)
      #expect(trimmed == 20 && stats.done == 0 && stats.dead == 10)
      try fixture.later(60_000)
      await Maintenance(fixture.store).pass(over: [.proof]) { _ in }
      #expect(try await fixture.store.stats(.proof).dead == 0)
    }
  }

  @Test("results go early when the memory is nearly full, down to those that somebody may be about to read")
  func pressure() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      _ = await fixture.store.enqueue((1...40).map { .numbered($0) })
      let claimed = try await fixture.store.claim(40, from: .proof, worker: "w").jobs
      let ends = claimed.map { Settlement(id: $0.id, token: $0.token, end: .success([49])) }
      _ = try await fixture.store.settle(ends, on: .proof, worker: "w")
      var policy = Maintenance.Policy()
      policy.pressure = 0.000_001
      policy.resultsKept = 20
      let used = ServerInfo(try fixture.beside.text("INFO", "memory") ?? "")["used_memory"].flatMap { Int($0) } ?? 0
      try fixture.beside.command("CONFIG", "SET", "maxmemory", "\(used * 2)")
      var trimmed: [Int] = []
      for _ in 0..<3 {
        await Maintenance(fixture.store, policy: policy).pass(over: [.proof]) { event in
          if case .pressure(.proof, let fill, let count) = event, fill > 0 { trimmed.append(count) }
        }
      }
      #expect(trimmed == [10, 8, 2])
      #expect(try await fixture.store.stats(.proof).done == 20)
      #expect(try fixture.beside.strings("KEYS", fixture.beside.keys.base + "job:*").count == 20)
    }
  }

  @Test("a queue that fails is told and does not keep the others from their turn")
  func failure() async throws {
    try await StoreFixture.run(RedisServer(), isVirtual: true) { fixture async throws in
      try fixture.beside.command("SET", "wc:{memory}:running", "not a set")
      _ = try await fixture.store.enqueue(.numbered(1, start: .afterMs(1)))
      try fixture.later(5)
      var events: [Maintenance.Event] = []
      await Maintenance(fixture.store).pass(over: [.memory, .proof]) { events.append($0) }
      #expect(events.count == 2)
      if case .failed(.memory?, .storeUnavailable(.server("WRONGTYPE", _))) = events[0] {
      } else {
        Issue.record("\(events[0])")
      }
      if case .done(.proof, let done) = events[1] { #expect(done.promoted == 1) } else { Issue.record("\(events[1])") }
    }
  }

  @Test("it runs until it is cancelled, each wait drawn around its interval")
  func run() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      struct Enough: Error {}
      var waits: [Duration] = []
      await Maintenance(fixture.store).run(
        queues: { [.proof] },
        sleep: { wait in
          waits.append(wait)
          if waits.count == 20 { throw Enough() }
        }, report: { Issue.record("\($0)") })
      #expect(waits.count == 20 && waits.allSatisfy { (.milliseconds(750) ... .milliseconds(1250)).contains($0) })
      #expect(Set(waits).count > 5)
    }
  }
}
