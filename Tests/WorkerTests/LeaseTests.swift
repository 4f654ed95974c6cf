import Jobs
import TestSupport
import Testing
import Transport

@testable import Worker

@Suite("Leases of one worker")
struct LeaseTests {
  @Test("a job that its own worker claims again, while the lost run still holds a slot, keeps its new lease")
  @EventLoop
  func claimedAgain() async throws {
    let handler = StubbornHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(leaseMs: 600, handlers: ["test.spin": handler]))
    let id = try await worker.enqueue("test.spin")
    try await eventually("it runs") { handler.runs == 1 }
    try worker.server.command("ZADD", "wc:{test}:running", "1", id.text)
    #expect(try await worker.store.reap(id.queue).recovered == 1)
    worker.processor.jobsMayWait(in: nil)
    try await eventually("it runs again") { handler.runs == 2 }
    // Each beat moves the deadline of a lease that is still held.
    var deadlines: Set<String> = []
    try await eventually("three beats go by") {
      deadlines.insert(try worker.server.command("ZSCORE", "wc:{test}:running", id.text).text ?? "")
      return deadlines.count > 3
    }
    handler.release()
    let record = try await worker.ended(id)
    #expect(record.state == .succeeded && record.deliveries == 2 && record.attempts == 1 && record.losses == 1)
    try await eventually("both slots are free") { worker.processor.busySlots == 0 }
    await worker.stop()
  }

  @Test("a lease that a queue lengthens is renewed at the beat that was due, not after a third of the longer one")
  @EventLoop
  func lengthened() async throws {
    let handler = SpinningHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(leaseMs: 900, handlers: ["test.spin": handler]))
    let first = try await worker.enqueue("test.spin")
    try await eventually("it runs") { handler.runs == 1 }
    try worker.server.command("HSET", "wc:{test}:config", "lease_ms", "86400000")
    _ = try await worker.enqueue("test.spin")
    try await eventually("the longer lease is known") { handler.runs == 2 }
    try await eventually("the first job has it too") {
      let deadline = try worker.server.command("ZSCORE", "wc:{test}:running", first.text).text ?? ""
      return try await (Int64(deadline) ?? 0) - worker.store.stats(first.queue).nowMs > 60_000
    }
    worker.processor.releaseAll()
    await worker.stop()
  }

  @Test("a lease that a queue shortens is known from the next beat, and held")
  @EventLoop
  func shortened() async throws {
    let handler = SpinningHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(leaseMs: 6000, handlers: ["test.spin": handler]))
    let id = try await worker.enqueue("test.spin")
    try await eventually("it runs") { handler.runs == 1 }
    try worker.server.command("HSET", "wc:{test}:config", "lease_ms", "1000")
    try await eventually("the shorter lease is known") { worker.processor.shortestLeaseMs == 1000 }
    let start = try await worker.store.stats(id.queue).nowMs
    var now = start
    while now - start < 2500 {
      #expect(try await worker.store.reap(id.queue).lost == 0)
      now = try await worker.store.stats(id.queue).nowMs
    }
    #expect(handler.runs == 1)
    worker.processor.releaseAll()
    await worker.stop()
  }

  @Test("a Redis that forgot a claim and gives the same token out again starts no second run and costs no slot")
  @EventLoop
  func sameTokenTwice() async throws {
    let handler = StubbornHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(handlers: ["test.spin": handler]))
    let id = try await worker.enqueue("test.spin")
    try await eventually("it runs") { handler.runs == 1 }
    // As after a failover to a replica that had not seen the claim.
    let key = "wc:{test}:job:\(id)"
    try worker.server.command("HDEL", key, "deliveries", "worker", "started_ms")
    try worker.server.command("HSET", key, "state", "ready")
    try worker.server.command("ZREM", "wc:{test}:running", id.text)
    try worker.server.command("LPUSH", "wc:{test}:ready", id.text)
    worker.processor.jobsMayWait(in: nil)
    _ = try await worker.record(of: id, "is claimed again") { $0.state == .running && $0.deliveries == 1 }
    try await eventually("the claim's answer is here") { worker.processor.isIdle }
    handler.release()
    let record = try await worker.ended(id)
    #expect(record.state == .succeeded && record.deliveries == 1)
    try await eventually("the slots are free") { worker.processor.busySlots == 0 }
    #expect(handler.runs == 1)
    await worker.stop()
  }

  @Test("what a claim brings after unfinished jobs were handed back goes back too, uncharged")
  @EventLoop
  func claimAfterHandingBack() async throws {
    let handler = SpinningHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(handlers: ["test.spin": handler]))
    try await eventually("it is idle") { worker.processor.isIdle }
    try worker.server.command("LPUSH", "wc:{test}:ready", #"{"kind":"test.spin","payload":{}}"#)
    // The claim is under way when the hand-back begins: no await lies between.
    worker.processor.jobsMayWait(in: nil)
    worker.processor.releaseAll()
    try await eventually("Redis has everything") { worker.processor.isSettled }
    #expect(handler.runs == 0 && worker.processor.busySlots == 0)
    #expect(try worker.server.command("LLEN", "wc:{test}:ready").text == "1")
    #expect(try worker.server.command("ZCARD", "wc:{test}:running").text == "0")
    await worker.stop()
  }

  @Test("jobs with spoilt times and counters are run, not died of")
  @EventLoop
  func spoiltNumbers() async throws {
    let worker = try WorkerFixture(try RedisServer(), .init(handlers: ["test.noop": TestHandlers.NoOperation()]))
    let id = try await worker.enqueue("test.noop")
    _ = try await worker.ended(id)
    let (least, most) = (String(Int64.min), String(Int64.max))
    let key = "wc:{test}:job:\(id)"
    try worker.server.command(
      "HSET", key, "state", "ready", "created_ms", least, "ready_ms", least, "attempts", most, "unknown", most)
    try worker.server.command("HDEL", key, "result")
    try worker.server.command("LPUSH", "wc:{test}:ready", id.text)
    let record = try await worker.record(of: id, "has a result") { $0.result != nil }
    #expect(record.state == .succeeded)
    await worker.stop()
  }

  @Test("a worker that leaves while a beat is under way is not announced again by it")
  @EventLoop
  func leaveDuringBeat() async throws {
    let worker = try WorkerFixture(try RedisServer())
    let registry = WorkerRegistry(client: worker.store.client, keys: worker.store.keys)
    let heartbeat = Heartbeat(registry: registry, processor: worker.processor, slots: 2) { error in
      Issue.record(error)
    }
    heartbeat.beat()
    await heartbeat.leave()
    // As many round trips as a beat has, so that a late one would be through.
    for _ in 0..<4 { _ = try await worker.store.queues() }
    #expect(try worker.server.command("EXISTS", "wc:workers").text == "0")
    await worker.stop()
  }
}
