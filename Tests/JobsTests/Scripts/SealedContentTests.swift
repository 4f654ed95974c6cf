import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("Sealed content goes at the end of the job")
struct SealedContentTests {
  let client: ScriptClient
  let job = NewJob.numbered(1, payload: "wcs1.sealed", isSealed: true)

  init() throws {
    client = try ScriptClient(RedisServer(), scripts: VirtualClock.scripts)
    try client.command("SET", client.keys.base + "testclock", "1790000000000")
    _ = try client.run(EnqueueScript.self, .init(jobs: [job]))
  }

  private func claim(_ worker: String = "w") throws -> ClaimedJob {
    try #require(try client.run(ClaimScript.self, .of(1, worker)).jobs.first)
  }

  private func settle(_ claimed: ClaimedJob, _ end: Settlement.End, _ adoption: Settlement.Adoption? = nil) throws {
    let settlement = Settlement(id: claimed.id, token: claimed.token, end: end, adoption: adoption)
    #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [settlement])) == [.done])
  }

  private func later(_ ms: Int) throws { try client.command("INCRBY", client.keys.base + "testclock", "\(ms)") }

  private func isGone(_ id: JobID) throws -> Bool {
    let record = try #require(try client.record(id))
    return record.payload == nil && record.raw == nil
  }

  static let ends: [Settlement.End] = [.success([49]), .dead(.permanent, error: "no"), .cancelled]

  @Test("by every end that a worker gives", arguments: ends)
  func settled(_ end: Settlement.End) throws {
    try settle(claim(), end)
    #expect(try isGone(job.id))
  }

  static let pauses: [Settlement.End] = [
    .retry(afterMs: 10, error: "no"), .release(afterMs: 0), .release(afterMs: 10),
    .releaseUnknown(afterMs: 10, unknown: 1, sinceMs: 1),
  ]

  @Test("but not while it goes on", arguments: pauses)
  func goesOn(_ end: Settlement.End) throws {
    try settle(claim(), end)
    #expect(try client.record(job.id)?.payload == job.payload)
    try later(20)
    #expect(try claim().record.payload == job.payload)
  }

  @Test("by cancelling, waiting or running")
  func cancelled() throws {
    _ = try client.run(CancelScript.self, .init(ids: [job.id]))
    #expect(try isGone(job.id))
    let other = NewJob.numbered(2, payload: "wcs1.x", isSealed: true)
    _ = try client.run(EnqueueScript.self, .init(jobs: [other]))
    let claimed = try claim()
    #expect(try client.run(CancelScript.self, .init(ids: [other.id])) == [.requested])
    #expect(try !isGone(other.id))
    try settle(claimed, .retry(afterMs: 10, error: "stopped"))
    #expect(try isGone(other.id) && client.record(other.id)?.state == .cancelled)
  }

  @Test("by poison, and by a lost lease after a cancellation")
  func reaped() throws {
    for _ in 0..<3 {
      _ = try claim()
      try later(15_001)
      _ = try client.run(ReapScript.self, .init())
    }
    #expect(try isGone(job.id) && client.record(job.id)?.reason == .poison)
    let other = NewJob.numbered(2, payload: "wcs1.x", isSealed: true)
    _ = try client.run(EnqueueScript.self, .init(jobs: [other]))
    _ = try claim()
    _ = try client.run(CancelScript.self, .init(ids: [other.id]))
    try later(15_001)
    #expect(try client.run(ReapScript.self, .init()).cancelled == 1)
    #expect(try isGone(other.id))
  }

  @Test("and then it cannot be requeued, while an open one can")
  func requeue() throws {
    try settle(claim(), .dead(.exhausted, error: "no"))
    let open = NewJob.numbered(2, payload: "{}")
    _ = try client.run(EnqueueScript.self, .init(jobs: [open]))
    try settle(claim(), .dead(.exhausted, error: "no"))
    let ttl = try client.ttl(job.id)
    #expect(try client.run(RequeueScript.self, .init(ids: [job.id, open.id])) == [.payloadGone, .requeued])
    #expect(try client.record(job.id)?.state == .dead && ttl > 0 && client.ttl(job.id) > 0 && client.ttl(open.id) == -1)
  }

  static let element = #"{"kind":"memory.store","payload":{"content":"s3cr3t"}}"#

  @Test("a raw element of which nobody told the kind counts as sealed")
  func unknownRaw() throws {
    _ = try client.run(CancelScript.self, .init(ids: [job.id]))
    try client.command("LPUSH", client.keys.ready, Self.element)
    let adopted = try claim()
    try settle(adopted, .dead(.undecodable, error: "no"))
    #expect(try isGone(adopted.id))
  }

  @Test("a raw element goes or stays as its settlement tells", arguments: [true, false])
  func toldRaw(_ isSealed: Bool) throws {
    _ = try client.run(CancelScript.self, .init(ids: [job.id]))
    try client.command("LPUSH", client.keys.ready, Self.element)
    let adopted = try claim()
    try settle(adopted, .dead(.plaintextRefused, error: "no"), .init(kind: .store, isSealed: isSealed))
    #expect(try isGone(adopted.id) == isSealed)
    #expect(try client.record(adopted.id)?.kind == "memory.store")
  }

  @Test("a raw element whose workers all die is not kept")
  func poisonedRaw() throws {
    _ = try client.run(CancelScript.self, .init(ids: [job.id]))
    try client.command("LPUSH", client.keys.ready, Self.element)
    var id = job.id
    for _ in 0..<3 {
      id = try claim().id
      try later(15_001)
      _ = try client.run(ReapScript.self, .init())
    }
    #expect(try isGone(id) && client.record(id)?.reason == .poison)
    #expect(try client.run(RequeueScript.self, .init(ids: [id])) == [.payloadGone])
  }

  @Test("evidence of what is neither JSON nor an id never looks like a job")
  func evidence() throws {
    _ = try client.run(CancelScript.self, .init(ids: [job.id]))
    for element in ["garbage", #"[{"kind":"memory.store","payload":"s3cr3t"}]"#, "memory.store s3cr3t"] {
      try client.command("LPUSH", client.keys.ready, element)
    }
    #expect(try client.run(ClaimScript.self, .of(8)).jobs.isEmpty)
    let dead = try client.strings("ZRANGE", client.keys.dead, "0", "-1").map { try client.record(JobID($0)!)! }
    #expect(dead.count == 3 && dead.allSatisfy { $0.reason == .undecodable })
    #expect(dead.map { String(decoding: $0.raw!, as: UTF8.self) }.sorted() == ["", "", "garbage"])
  }
}
