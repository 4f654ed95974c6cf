import RedisWire
import TestSupport
import Testing

@testable import Jobs

/// Where the server of a test runs.
enum Place: String, CaseIterable {
  case alone, cluster

  func client(scripts: Scripts = .embedded) throws -> ScriptClient {
    try ScriptClient(RedisServer(self == .cluster ? .cluster : .init()), scripts: scripts)
  }
}

@Suite("The life of a job, on a server alone and on a node of a cluster")
struct LifeTests {
  @Test("every script can be called", arguments: Place.allCases)
  func everyScript(_ place: Place) throws {
    let client = try place.client()
    let (one, two) = (NewJob.numbered(1), NewJob.numbered(2, start: .afterMs(3_600_000)))
    #expect(try client.run(EnqueueScript.self, .init(jobs: [one, two])) == [.created, .created])
    let claim = try client.run(ClaimScript.self, .of(8))
    #expect(claim.jobs.map(\.id) == [one.id] && claim.jobs[0].token == 1 && !claim.mayHaveMore)
    let due = try #require(claim.nextDueMs)
    #expect(due > claim.nowMs + 3_000_000)
    let lease = claim.jobs[0].lease
    #expect(try client.run(ExtendScript.self, .init(worker: "w", leases: [lease])).lost.isEmpty)
    #expect(
      try client.run(ProgressScript.self, .init(worker: "w", notes: [.init(lease: lease, progress: [49])])) == [.done])
    #expect(try client.run(ReclaimScript.self, .init(worker: "w", known: [])).jobs.map(\.id) == [one.id])
    #expect(try client.run(ReclaimScript.self, .init(worker: "w", known: [one.id])).jobs.isEmpty)
    #expect(try client.run(PauseScript.self, .init(isPaused: true, reason: "r")))
    #expect(try client.run(ClaimScript.self, .of(8)).isPaused)
    #expect(try client.run(PauseScript.self, .init(isPaused: false)))
    let success = Settlement(id: lease.id, token: lease.token, end: .success(Array("42".utf8)))
    #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [success])) == [.done])
    let both = SettleAndClaimScript.Request(settle: .init(worker: "w", settlements: [success]), claim: .of(8))
    #expect(try client.run(SettleAndClaimScript.self, both).codes == [.already])
    #expect(try client.run(RequeueScript.self, .init(ids: [one.id, two.id])) == [.unchanged(.succeeded), .requeued])
    #expect(try client.run(CancelScript.self, .init(ids: [one.id, two.id])) == [.finished(.succeeded), .cancelled])
    #expect(
      try client.run(ReadScript.self, .init(ids: [one.id, .numbered(9)])).map { $0?.state } == [.succeeded, nil])
    #expect(try client.run(PurgeScript.self, .init(ids: [one.id, .numbered(9)])) == [.purged, .missing])
    let reaped = try client.run(ReapScript.self, .init())
    #expect(reaped == ReapScript.Reply())
    let stats = try client.run(StatsScript.self, .init())
    #expect(stats.ready == 0 && stats.done == 1 && stats.running == 0 && stats.oldestReadyAgeMs == nil)
  }

  @Test("fields are as the protocol says, text and nothing more", arguments: Place.allCases)
  func fields(_ place: Place) throws {
    let client = try place.client()
    var job = NewJob.numbered(1, payload: #"{"n":12345678901234567890}"#, priority: .high)
    job.options.maxAttempts = 3
    _ = try client.run(EnqueueScript.self, .init(jobs: [job]))
    let names = try client.strings("HKEYS", client.keys.job(job.id)).sorted()
    #expect(names == ["created_ms", "kind", "opts", "payload", "priority", "state"])
    #expect(try client.field(job.id, "opts") == #"{"max_attempts":3}"#)
    let claim = try client.run(ClaimScript.self, .of(1))
    #expect(claim.jobs[0].record.payload == job.payload && claim.jobs[0].record.options.maxAttempts == 3)
    #expect(claim.jobs[0].record.state == .running && claim.jobs[0].record.waitingSinceMs != nil)
    #expect(try client.field(job.id, "worker") == "w" && client.field(job.id, "deliveries") == "1")
  }

  @Test("brief reading leaves payload, raw element and result out")
  func brief() throws {
    let client = try Place.alone.client()
    let job = NewJob.numbered(1, payload: "[1]")
    _ = try client.run(EnqueueScript.self, .init(jobs: [job]))
    let token = try client.run(ClaimScript.self, .of(1)).jobs[0].token
    let end = Settlement(id: job.id, token: token, end: .success(Array("r".utf8)))
    _ = try client.run(SettleScript.self, .init(worker: "w", settlements: [end]))
    let all = try #require(try client.run(ReadScript.self, .init(ids: [job.id]))[0])
    var brief = try #require(try client.run(ReadScript.self, .init(isBrief: true, ids: [job.id]))[0])
    #expect(all.payload == job.payload && all.result == Array("r".utf8))
    #expect(brief.payload == nil && brief.result == nil)
    (brief.payload, brief.result) = (all.payload, all.result)
    #expect(brief == all)
  }

  @Test("high jumps the line, and a batch of it keeps its order")
  func priorities() throws {
    let client = try Place.alone.client()
    let jobs = (1...3).map { NewJob.numbered($0) } + (4...6).map { NewJob.numbered($0, priority: .high) }
    _ = try client.run(EnqueueScript.self, .init(jobs: jobs))
    let order = try client.run(ClaimScript.self, .of(8)).jobs.map { $0.id.numberInQueue }
    #expect(order == [4, 5, 6, 1, 2, 3])
  }

  @Test("an unknown kind's counters are kept with its release and go with a requeue")
  func unknownKind() throws {
    let client = try Place.alone.client()
    let job = NewJob.numbered(1)
    _ = try client.run(EnqueueScript.self, .init(jobs: [job]))
    var token = try client.run(ClaimScript.self, .of(1)).jobs[0].token
    let release = Settlement(
      id: job.id, token: token, end: .releaseUnknown(afterMs: 5000, unknown: 2, sinceMs: 77))
    _ = try client.run(SettleScript.self, .init(worker: "w", settlements: [release]))
    let released = try #require(try client.record(job.id))
    #expect(released.state == .scheduled && released.unknown == 2 && released.unknownSinceMs == 77)
    #expect(released.attempts == 0 && released.losses == 0)
    _ = try client.run(RequeueScript.self, .init(ids: [job.id]))
    token = try client.run(ClaimScript.self, .of(1)).jobs[0].token
    let death = Settlement(id: job.id, token: token, end: .dead(.unknownKind, error: "nobody knows"))
    _ = try client.run(SettleScript.self, .init(worker: "w", settlements: [death]))
    #expect(try client.record(job.id)?.reason == .unknownKind)
    _ = try client.run(RequeueScript.self, .init(ids: [job.id]))
    let again = try #require(try client.record(job.id))
    #expect(again.unknown == 0 && again.unknownSinceMs == nil && again.reason == nil && again.error == nil)
    #expect(again.lives == 2 && again.deliveries == 2)
  }

  @Test("an error longer than its bound is cut between characters")
  func longError() throws {
    let client = try Place.alone.client()
    let job = NewJob.numbered(1)
    _ = try client.run(EnqueueScript.self, .init(jobs: [job]))
    let token = try client.run(ClaimScript.self, .of(1)).jobs[0].token
    let error = "x" + String(repeating: "é", count: 4000)
    let death = Settlement(id: job.id, token: token, end: .dead(.permanent, error: error))
    _ = try client.run(SettleScript.self, .init(worker: "w", settlements: [death]))
    let kept = try #require(try client.record(job.id)?.error)
    #expect(kept.utf8.count == 4095 && error.hasPrefix(kept))
  }

  @Test("a history holds the latest twenty deliveries, and one spoilt by hand begins anew", arguments: Place.allCases)
  func history(_ place: Place) throws {
    let client = try place.client()
    let job = NewJob.numbered(1)
    _ = try client.run(EnqueueScript.self, .init(jobs: [job]))
    func release() throws {
      let claimed = try client.run(ClaimScript.self, .of(1)).jobs
      let settlements = claimed.map { Settlement(id: $0.id, token: $0.token, end: .release(afterMs: 0)) }
      #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: settlements)) == [.done])
    }
    for _ in 0..<25 { try release() }
    let record = try #require(try client.run(ReadScript.self, .init(isBrief: true, ids: [job.id])).first ?? nil)
    #expect(record.history.map(\.number) == Array(6...25))
    #expect(record.history.allSatisfy { $0.outcome == .released && $0.worker == "w" && $0.error == nil })
    _ = try client.int("HSET", client.keys.job(job.id), "history", String(repeating: "x", count: 9000))
    try release()
    let after = try #require(try client.run(ReadScript.self, .init(ids: [job.id])).first ?? nil)
    #expect(after.history.map(\.number) == [26])
  }
}
