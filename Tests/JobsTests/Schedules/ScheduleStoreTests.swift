import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("Schedules in Redis, on a server alone and on a node of a cluster") struct ScheduleStoreTests {
  private static func name(_ text: String) throws -> ScheduleName { try #require(ScheduleName(text)) }

  @EventLoop
  private static func score(_ fixture: StoreFixture, _ name: String) throws -> String? {
    try fixture.beside.text("ZSCORE", "wc:schedules", name)
  }

  @Test("a definition is written over what was read, and never over another", arguments: [Place.alone, .cluster])
  func put(place: Place) async throws {
    try await StoreFixture.run(RedisServer(place == .cluster ? .cluster : .init())) { fixture async throws in
      let schedules = ScheduleStore(fixture.store)
      let name = try Self.name("nightly")
      #expect(try await schedules.read(name) == nil)
      let first = try ScheduleTests.schedule()
      #expect(try await schedules.put(first, name, over: .init()))
      #expect(try await schedules.read(name) == first)
      #expect(try Self.score(fixture, "nightly") == "600000")
      let second = try ScheduleTests.schedule("@daily", next: 86_400_000, revision: "r2")
      #expect(try await schedules.put(second, name, over: .init()) == false)
      #expect(try await schedules.put(second, name, over: .init(revision: "r1", nextMs: 1)) == false)
      #expect(try await schedules.read(name) == first)
      #expect(try await schedules.put(second, name, over: first.version))
      #expect(try await schedules.read(name) == second)
      #expect(try Self.score(fixture, "nightly") == "86400000")
    }
  }

  @Test("of two producers with the same run one notes it, and a deleted schedule does not come back")
  func note() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let schedules = ScheduleStore(fixture.store)
      let name = try Self.name("nightly")
      let schedule = try ScheduleTests.schedule()
      #expect(try await schedules.put(schedule, name, over: .init()))
      let run = Schedule.Run(tickMs: 600_000, outcome: .enqueued, job: JobID("test.01ARZ3NDEKTSV4RRFFQ69G5FAV"))
      #expect(try await schedules.note(run, of: name, at: schedule.version, next: .some(1_200_000)))
      #expect(try await schedules.note(run, of: name, at: schedule.version, next: .some(1_200_000)) == false)
      let read = try #require(try await schedules.read(name))
      #expect(read.nextMs == 1_200_000 && read.last == run && read.enqueued == 1 && read.skipped == 0)
      // A failure leaves the time as it is; a last run leaves none.
      let failed = Schedule.Run(tickMs: 1_200_000, outcome: .failed, detail: "queue_full")
      #expect(try await schedules.note(failed, of: name, at: read.version, next: nil))
      #expect(try await schedules.read(name)?.last == failed)
      let skipped = Schedule.Run(tickMs: 1_200_000, outcome: .skipped)
      #expect(try await schedules.note(skipped, of: name, at: read.version, next: .some(nil)))
      let last = try #require(try await schedules.read(name))
      #expect(last.nextMs == nil && last.skipped == 1 && last.enqueued == 1)
      #expect(try Self.score(fixture, "nightly") == "inf")
      #expect(try await schedules.delete(name))
      #expect(try await schedules.delete(name) == false)
      #expect(try await schedules.note(run, of: name, at: last.version, next: .some(5)) == false)
      #expect(try fixture.beside.int("EXISTS", "wc:schedule:nightly", "wc:schedules") == 0)
    }
  }

  @Test("those that are due are named by Redis' clock, the longest due first, and how long the next one takes")
  func due() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let schedules = ScheduleStore(fixture.store)
      let now = try await fixture.store.nowMs()
      #expect(try await schedules.due().names == [])
      #expect(try await schedules.due().waitMs == nil)
      for (text, next) in [("b", now - 10), ("a", now - 20), ("later", now + 50_000), ("never", nil)]
        as [(String, Int64?)]
      {
        #expect(try await schedules.put(try ScheduleTests.schedule(next: next), try Self.name(text), over: .init()))
      }
      let due = try await schedules.due()
      #expect(due.names.map(\.text) == ["a", "b"] && due.nowMs >= now)
      #expect((40_000...50_000).contains(try #require(due.waitMs)))
      #expect(try await schedules.due(skipping: 1).names.map(\.text) == ["b"])
      #expect(try await schedules.due(limit: 1).names.map(\.text) == ["a"])
      #expect(try await schedules.names().map(\.text) == ["a", "b", "later", "never"])
      #expect(try await schedules.count() == 4)
    }
  }

  @Test("the set is mended where a crash left it behind")
  func sweep() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let schedules = ScheduleStore(fixture.store)
      for (text, next) in [("early", 5), ("late", 6), ("right", 7), ("never", nil)] as [(String, Int64?)] {
        #expect(try await schedules.put(try ScheduleTests.schedule(next: next), try Self.name(text), over: .init()))
      }
      #expect(try await schedules.sweep() == 0)
      try fixture.beside.command("ZADD", "wc:schedules", "1", "early", "99", "late", "3", "gone", "9", "never")
      #expect(try await schedules.sweep() == 4)
      #expect(
        try ["early", "late", "right", "never", "gone"].map { try Self.score(fixture, $0) } == [
          "5", "6", "7", "inf", nil,
        ])
      #expect(try await schedules.sweep() == 0)
    }
  }

  @Test("a hash that another version or a person wrote is none that can be read, and can be defined anew")
  func unreadable() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let schedules = ScheduleStore(fixture.store)
      let name = try Self.name("odd")
      try fixture.beside.command("HSET", "wc:schedule:odd", "revision", "x", "cron", "@sometimes", "next_ms", "5")
      #expect(try await schedules.read(name) == nil)
      let version = try await schedules.version(name)
      #expect(version.revision == "x" && version.nextMs == "5")
      let schedule = try ScheduleTests.schedule()
      #expect(try await schedules.put(schedule, name, over: version))
      #expect(try await schedules.read(name) == schedule)
    }
  }
}
