import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("The doctor beside a running system", .serialized)
struct LiveExaminationTests {
  private static let looks = isLongRun ? 200 : 12

  @Test("under load a look finds nothing, in one round and in several")
  func quiet() async throws {
    let random = SeededGenerator()
    let server = try RedisServer()
    try await StoreFixture.run(server) { fixture in
      try fixture.beside.command("SADD", Keys.standard.queues, "proof")
      let load = try LiveLoad(server, clients: 3, seed: random.seed)
      try await eventually("there is something to look at") { load.callCount > 500 }
      for look in 0..<Self.looks {
        var options = Examination.Options()
        options.pause = .milliseconds(5)
        options.idsPerRound = look.isMultiple(of: 2) ? 2_000_000 : 500
        let examination = Examination(fixture.store, options: options)
        let findings = try await examination.look()
        #expect(findings == [] && examination.isComplete, "\(random) look \(look)")
        if !findings.isEmpty { break }
      }
      #expect(load.stop() == [], "\(random)")
    }
  }

  @Test("under load what is planted is found and mended, and nothing else is touched")
  func planted() async throws {
    let random = SeededGenerator()
    let server = try RedisServer()
    try await StoreFixture.run(server) { fixture in
      let client = fixture.beside
      try client.command("SADD", Keys.standard.queues, "proof")
      // Not due while the test runs, so that the load leaves them alone.
      let ids = (900_000_001...900_000_020).map { JobID.numbered($0) }
      let jobs = (900_000_001...900_000_020).map { NewJob.numbered($0, start: .afterMs(3_600_000)) }
      _ = try client.run(EnqueueScript.self, .init(jobs: jobs))
      for id in ids { try client.command("ZREM", client.keys.scheduled, id.text) }
      let load = try LiveLoad(server, clients: 2, seed: random.seed)
      try await eventually("there is load") { load.callCount > 200 }
      var options = Examination.Options()
      options.pause = .milliseconds(5)
      let examination = Examination(fixture.store, options: options)
      let findings = try await examination.look()
      #expect(findings.map(\.flaw.code) == Array(repeating: .hashWithoutEntry, count: 20), "\(random)")
      #expect(try await examination.mend(findings).isEmpty, "\(random)")
      try await eventually("the load runs them") {
        try ids.allSatisfy { try client.record($0).map { $0.deliveries > 0 } ?? true }
      }
      #expect(load.stop() == [], "\(random)")
      #expect(try await examination.look() == [], "\(random)")
    }
  }
}
