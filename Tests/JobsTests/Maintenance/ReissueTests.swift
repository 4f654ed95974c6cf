import RedisWire
import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("Tokens after a restore")
struct ReissueTests {
  @Test("a worker that holds a lease from before can do nothing with it, and the job runs again uncharged")
  func oldLease() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try client.command("SADD", Keys.standard.queues, "proof")
      _ = try client.run(EnqueueScript.self, .init(jobs: [.numbered(1), .numbered(2)]))
      let held = try #require(try client.run(ClaimScript.self, .of(1)).jobs.first)
      let report = try await Reissue.all(in: fixture.store)
      #expect(report.jobs == 2 && report.takenBack == 1)
      let end = Settlement(id: held.id, token: held.token, end: .success([49]))
      #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [end])) == [.leaseLost])
      #expect(try client.run(ExtendScript.self, .init(worker: "w", leases: [held.lease])).lost == [held.id])
      let note = ProgressScript.Note(lease: held.lease, progress: [49])
      #expect(try client.run(ProgressScript.self, .init(worker: "w", notes: [note])) == [.leaseLost])
      let job = try #require(try client.record(held.id))
      #expect(job.state == .ready && job.worker == nil && job.losses == 0 && job.attempts == 0)
      #expect(try client.ready().last == held.id.text, "it is the next one out")
      let again = try #require(try client.run(ClaimScript.self, .of(1)).jobs.first)
      #expect(again.id == held.id && again.token > 1_000_000)
      #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [end])) == [.leaseLost])
    }
  }

  @Test("a claim of the same worker after the backup does not have the token of its next one")
  func sameWorker() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      _ = try client.run(EnqueueScript.self, .init(jobs: [.numbered(1)]))
      let dump = try #require(try client.redis.execute(RedisCommand("DUMP", client.keys.job(.numbered(1)))).bytes)
      let lost = try #require(try client.run(ClaimScript.self, .of(1)).jobs.first)
      // The server goes back to the moment of the dump; the worker goes on with what it claimed since.
      try client.command("FLUSHALL")
      var restore = RedisCommand("RESTORE", client.keys.job(.numbered(1)), "0")
      restore.append(dump)
      _ = try client.redis.execute(restore)
      try client.command("LPUSH", client.keys.ready, lost.id.text)
      _ = try await Reissue.all(in: fixture.store)
      let next = try #require(try client.run(ClaimScript.self, .of(1)).jobs.first)
      #expect(next.id == lost.id && next.token != lost.token)
      let late = Settlement(id: lost.id, token: lost.token, end: .success([49]))
      #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [late])) == [.leaseLost])
    }
  }

  @Test("one whose cancellation was asked for ends; ended and waiting ones stay what they are")
  func others() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try PlantedFlaw.populate(client)
      #expect(try client.run(CancelScript.self, .init(ids: [.numbered(3)])) == [.requested])
      let before = try (1...7).map { try client.record(.numbered($0)) }
      let report = try await Reissue.all(in: fixture.store)
      #expect(report.jobs == 7 && report.takenBack == 1)
      for (number, before) in zip(1..., before) where number != 3 {
        var expected = before
        expected?.deliveries += 1_000_000
        #expect(try client.record(.numbered(number)) == expected)
      }
      #expect(try client.record(.numbered(3))?.state == .cancelled)
      #expect(try await Examination(fixture.store).look() == [])
    }
  }

  @Test("leases alone are taken back in any number, and entries that are none do not hold it up")
  func leases() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try client.command("SADD", Keys.standard.queues, "proof")
      _ = try client.run(EnqueueScript.self, .init(jobs: (1...200).map { .numbered($0) }))
      for _ in 0..<4 { _ = try client.run(ClaimScript.self, .of(64)) }
      try client.command("ZADD", client.keys.running, "1", "mine.1")
      #expect(try await Reissue.leases(in: fixture.store).takenBack == 200)
      #expect(try client.strings("ZRANGE", client.keys.running, "0", "-1") == ["mine.1"])
      #expect(try Set(client.ready()).count == 200)
    }
  }
}
