import Testing

@testable import Jobs

@Suite("Keys")
struct KeysTests {
  @Test("the keys are those that operators and dashboards know")
  func spelled() {
    let keys = Keys.standard
    let queue = keys.queue(.proof)
    let id = JobID.numbered(7)
    #expect(
      [
        queue.ready, queue.scheduled, queue.retrying, queue.running, queue.done, queue.dead, queue.tombstones,
        queue.wake,
        queue.events, queue.config, queue.stats, queue.stats(minute: 29_000_000), queue.job(id),
        queue.idempotency("aa"),
        queue.unique("bb"),
      ] == [
        "wc:{proof}:ready", "wc:{proof}:scheduled", "wc:{proof}:retrying", "wc:{proof}:running", "wc:{proof}:done",
        "wc:{proof}:dead", "wc:{proof}:tombs", "wc:{proof}:wake", "wc:{proof}:events", "wc:{proof}:config",
        "wc:{proof}:stats", "wc:{proof}:stats:min:29000000", "wc:{proof}:job:proof.00000000000000000000000007",
        "wc:{proof}:idem:aa", "wc:{proof}:unique:bb",
      ])
    #expect(
      [keys.queues, keys.workers, keys.worker("w"), keys.schedules, keys.schedule("s"), keys.meta, keys.circuits] == [
        "wc:queues", "wc:workers", "wc:worker:w", "wc:schedules", "wc:schedule:s", "wc:meta", "wc:circuits",
      ])
  }

  @Test(
    "a prefix cannot move the hash tag",
    arguments: ["", "a{b", "a}b", "a b", "a:b", "ä", String(repeating: "a", count: 33)])
  func prefixes(_ prefix: String) { #expect(Keys(prefix: prefix) == nil) }

  @Test("a key says what it holds, whatever its bytes")
  func contents() {
    let keys = Keys.standard
    let queue = keys.queue(.proof)
    #expect(keys.content(of: queue.job(.numbered(7))) == .thing(.job(JobID.numbered(7).text), .proof))
    #expect(keys.content(of: queue.job(named: "a:b}")) == .thing(.job("a:b}"), .proof))
    #expect(keys.content(of: queue.unique("u")) == .thing(.uniqueKey("u"), .proof))
    #expect(keys.content(of: queue.idempotency("i")) == .thing(.idempotencyKey("i"), .proof))
    #expect(keys.content(of: keys.schedule("nightly")) == ScheduleName("nightly").map { .schedule($0) })
    for key in [queue.ready, queue.done, queue.stats(minute: 5), queue.config] {
      #expect(keys.content(of: key) == .ofQueue(.proof))
    }
    for key in [
      keys.queues, keys.schedule("{proof}:job:x"), keys.schedules, "wc:{", "wc:{}:job:x", "wc:{Q}:ready", "wc:{q}ready",
      "wc:",
    ] {
      #expect(keys.content(of: key) == .other, "\(key)")
    }
    for key in ["", "w", "wc", "wcx:{proof}:ready", "other:{proof}:job:x"] { #expect(keys.content(of: key) == nil) }
  }

  @Test("another prefix")
  func otherPrefix() {
    #expect(Keys(prefix: "wc-test.1")?.queue(.memory).ready == "wc-test.1:{memory}:ready")
    #expect(Keys(prefix: "wc") == .standard)
  }

  @Test("hints are read line by line, and what is no hint is passed over")
  func events() {
    let id = JobID.numbered(1)
    let message = "\(id) running\nrubbish\n\(id) nonsense\n\n\(id) dead extra\nx y\n\(id) succeeded\n\(id)  dead"
    #expect(
      QueueEvents.parse(Array(message.utf8)) == [
        JobEvent(id: id, state: .running), JobEvent(id: id, state: .succeeded),
      ])
    #expect(QueueEvents.parse([]).isEmpty && QueueEvents.parse([0xFF, 0x20, 0xFE]).isEmpty)
  }
}
