import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("Keys and numbers that a person has spoilt")
struct SpoiltKeysTests {
  let client: ScriptClient

  init() throws { client = try ScriptClient(RedisServer()) }

  private func enqueue(_ numbers: ClosedRange<Int>) throws {
    let outcomes = try client.run(EnqueueScript.self, .init(jobs: numbers.map { .numbered($0) }))
    #expect(outcomes.allSatisfy { $0 == .created })
  }

  private func everything() throws -> [String: String] {
    var everything: [String: String] = [:]
    for key in try client.strings("KEYS", "*") where !key.contains("stats") {
      everything[key] = String(decoding: try client.redis.execute(RedisCommand("DUMP", key)).bytes ?? [], as: UTF8.self)
    }
    return everything
  }

  static let sets = ["running", "scheduled", "retrying", "done", "dead"]

  @Test("a sorted set of another type stops a call before it writes anything", arguments: sets)
  func wrongSets(_ name: String) throws {
    try enqueue(1...4)
    let claimed = try client.run(ClaimScript.self, .of(2)).jobs
    try client.command("DEL", client.keys.base + name)
    try client.command("SET", client.keys.base + name, "not a set")
    let before = try everything()
    let ends = [
      Settlement(id: claimed[0].id, token: 1, end: .success([49])),
      Settlement(id: claimed[1].id, token: 1, end: .retry(afterMs: 5, error: "no")),
    ]
    func refused<S: JobScript>(_ script: S.Type, _ request: S.Request) throws {
      do {
        _ = try client.run(script, request)
      } catch let error as RedisError {
        guard case .server("WRONGTYPE", _) = error else { throw error }
        #expect(try everything() == before, "\(name): \(S.name) wrote something")
      }
    }
    try refused(SettleScript.self, .init(worker: "w", settlements: ends))
    if name != "done" { try refused(ClaimScript.self, .of(2)) }
    try refused(ReapScript.self, .init())
    if !["running", "dead"].contains(name) { try refused(CancelScript.self, .init(ids: [.numbered(3)])) }
    try refused(SettleAndClaimScript.self, .init(settle: .init(worker: "w", settlements: ends), claim: .of(2)))
    if name == "scheduled" { try refused(EnqueueScript.self, .init(jobs: [.numbered(9)])) }
  }

  @Test("a line of another type stops every call before it writes anything")
  func wrongLine() throws {
    try client.command("SET", client.keys.ready, "not a list")
    let before = try everything()
    #expect(throws: RedisError.self) { try client.run(EnqueueScript.self, .init(jobs: [.numbered(1)])) }
    #expect(throws: RedisError.self) { try client.run(ClaimScript.self, .of(1)) }
    #expect(try everything() == before)
  }

  @Test("keys that only guide may be of another type", arguments: ["wake", "tombs", "stats", "config"])
  func wrongGuides(_ name: String) throws {
    try client.command("SET", client.keys.base + name, "spoilt")
    try enqueue(1...3)
    let claimed = try client.run(ClaimScript.self, .of(2)).jobs
    #expect(claimed.count == 2)
    let ends = claimed.map { Settlement(id: $0.id, token: $0.token, end: .release(afterMs: 0)) }
    #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: ends)) == [.done, .done])
    #expect(try client.run(CancelScript.self, .init(ids: [.numbered(1)])) == [.cancelled])
    #expect(try client.run(RequeueScript.self, .init(ids: [.numbered(1)])) == [.requeued])
    #expect(try client.run(StatsScript.self, .init()).ready == 3)
    #expect(try client.run(ClaimScript.self, .of(8)).jobs.count == 3)
  }

  @Test("guards of an enqueue may be of another type")
  func wrongGuards() throws {
    try client.command("LPUSH", client.keys.idempotency("i"), "spoilt")
    try client.command("LPUSH", client.keys.unique("u"), "spoilt")
    let job = NewJob.numbered(
      1, unique: .init(key: "u", ttlMs: 60_000), idempotency: .init(key: "i", body: "b"))
    #expect(try client.run(EnqueueScript.self, .init(jobs: [job])) == [.created])
    #expect(try client.run(EnqueueScript.self, .init(jobs: [.numbered(2, unique: job.unique)])) == [.duplicate(job.id)])
  }

  @Test("spoilt settings count as absent", arguments: ["nan", "inf", "-inf", "-5", "0", "1e300", "x", "", "0x10"])
  func settings(_ text: String) throws {
    try client.command("HSET", client.keys.config, "lease_ms", text)
    try enqueue(1...1)
    let claim = try client.run(ClaimScript.self, .of(1))
    #expect(claim.jobs.count == 1)
    let deadline = try client.int("ZSCORE", client.keys.running, claim.jobs[0].id.text)
    #expect(deadline == claim.nowMs + 15_000)
    #expect(try client.run(ExtendScript.self, .init(worker: "w", leases: [claim.jobs[0].lease])).lost.isEmpty)
  }

  @Test("a running job with a spoilt token does not keep a worker from finding the others")
  func reclaimSpoilt() throws {
    try enqueue(1...2)
    _ = try client.run(ClaimScript.self, .of(2))
    try client.command("HSET", client.keys.job(.numbered(1)), "deliveries", "x")
    let found = try client.run(ReclaimScript.self, .init(worker: "w", known: [])).jobs
    #expect(found.map(\.id) == [.numbered(2)])
  }

  @Test("spoilt counters begin anew and never stop a claim", arguments: ["nan", "inf", "-5", "1e300", "x", ""])
  func counters(_ text: String) throws {
    try enqueue(1...2)
    let key = client.keys.job(.numbered(1))
    try client.command("HSET", key, "deliveries", text, "attempts", text, "losses", text, "lives", text)
    let claimed = try client.run(ClaimScript.self, .of(2)).jobs
    #expect(claimed.map(\.token) == [1, 1])
    let ends = claimed.map { Settlement(id: $0.id, token: 1, end: .dead(.permanent, error: "no")) }
    #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: ends)) == [.done, .done])
    #expect(try client.record(.numbered(1))?.attempts == 1)
    #expect(try client.run(RequeueScript.self, .init(ids: [.numbered(1)])) == [.requeued])
    #expect(try client.record(.numbered(1))?.lives == 2)
  }

  @Test("large counters stay exact")
  func large() throws {
    try enqueue(1...1)
    try client.command("HSET", client.keys.job(.numbered(1)), "deliveries", "4503599627370497")
    let claimed = try client.run(ClaimScript.self, .of(1)).jobs
    #expect(claimed[0].token == 4_503_599_627_370_498)
    let end = Settlement(id: claimed[0].id, token: claimed[0].token, end: .success([49]))
    #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [end])) == [.done])
  }

  @Test("a hash made by hand under an id that is none is leased and told as a stray")
  func strays() throws {
    try client.command("HSET", client.keys.base + "job:mine.1", "state", "ready", "kind", "test.noop", "payload", "{}")
    try client.command("LPUSH", client.keys.ready, "mine.1")
    try enqueue(1...1)
    let claim = try client.run(ClaimScript.self, .of(8))
    #expect(claim.strays == 1 && claim.jobs.map(\.id) == [.numbered(1)])
  }
}
