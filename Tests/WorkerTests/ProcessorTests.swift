import Foundation
import Jobs
import JSONWire
import Sealing
import TestSupport
import Testing
import Transport

@testable import Worker

@Suite("Processor")
struct ProcessorTests {
  @Test("jobs run once each, no more at once than there are slots, and their results come back byte for byte")
  @EventLoop
  func runsJobs() async throws {
    let handler = CountingHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(slots: 3, handlers: ["test.noop": handler]))
    var ids: [JobID] = []
    for number in 0..<150 { ids.append(try await worker.enqueue("test.noop", #"{"n": 1\#(number)e400 }"#)) }
    for (number, id) in ids.enumerated() {
      let record = try await worker.ended(id)
      #expect(record.state == .succeeded)
      #expect(record.result == Array(#"{"n": 1\#(number)e400 }"#.utf8))
      #expect(record.attempts == 1 && record.deliveries == 1)
    }
    #expect(handler.runs == 150)
    #expect(handler.mostAtOnce <= 3)
    await worker.stop()
  }

  @Test("a failing job is tried again and succeeds; one that never does is dead with its last error")
  @EventLoop
  func retries() async throws {
    let worker = try WorkerFixture(
      try RedisServer(), .init(handlers: ["test.fail": TestHandlers.Fail()]))
    let heals = try await worker.enqueue("test.fail", #"{"message":"twice","times":2}"#)
    let never = try await worker.enqueue("test.fail", #"{"message":"always"}"#)
    let healed = try await worker.ended(heals)
    #expect(healed.state == .succeeded && healed.attempts == 3)
    let dead = try await worker.ended(never)
    #expect(dead.state == .dead && dead.reason == .exhausted && dead.attempts == 5)
    #expect(dead.error == "test_failure: always")
    await worker.stop()
  }

  @Test("a payload that a kind refuses is dead at once, with the fields that are wrong")
  @EventLoop
  func wrongPayload() async throws {
    let worker = try WorkerFixture(try RedisServer(), .init(handlers: ["test.sleep": TestHandlers.Sleep()]))
    let id = try await worker.enqueue("test.sleep", #"{"ms":"soon","mss":1}"#)
    let record = try await worker.ended(id)
    #expect(record.state == .dead && record.reason == .permanent && record.attempts == 1)
    #expect(record.error?.contains("/ms") == true && record.error?.contains("/mss") == true)
    await worker.stop()
  }

  @Test("a handler that does not look is settled as timed out all the same, and its late result is not heard")
  @EventLoop
  func stubbornTimeout() async throws {
    let handler = StubbornHandler()
    var options = JobOptions()
    options.timeoutMs = 50
    options.maxAttempts = 1
    let worker = try WorkerFixture(try RedisServer(), .init(slots: 1, handlers: ["test.spin": handler]))
    let id = try await worker.enqueue("test.spin", options: options)
    let record = try await worker.ended(id)
    #expect(record.state == .dead && record.reason == .timeout)
    #expect(worker.processor.busySlots == 1)
    handler.release()
    try await eventually("the slot is free") { worker.processor.busySlots == 0 }
    #expect(try await worker.store.read(id)?.result == nil)
    await worker.stop()
  }

  @Test("a running job that is cancelled stops and ends as cancelled")
  @EventLoop
  func cancel() async throws {
    let handler = SpinningHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(leaseMs: 600, handlers: ["test.spin": handler]))
    let id = try await worker.enqueue("test.spin")
    _ = try await worker.record(of: id, "runs") { $0.state == .running }
    #expect(try await worker.store.cancel([id]) == [.requested])
    let record = try await worker.ended(id)
    #expect(record.state == .cancelled)
    await worker.stop()
  }

  @Test("leases outlive slots that spin without a pause, for many times their length")
  @EventLoop
  func spinningSlotsKeepLeases() async throws {
    let handler = SpinningHandler()
    let leaseMs: Int64 = isLongRun ? 15_000 : 500
    let worker = try WorkerFixture(
      try RedisServer(), .init(slots: 4, leaseMs: leaseMs, timeoutMs: 600_000, handlers: ["test.spin": handler]))
    var ids: [JobID] = []
    for _ in 0..<4 { ids.append(try await worker.enqueue("test.spin")) }
    try await eventually("all slots spin") { handler.runs == 4 }
    // Somebody else reaps all the while; the clock is Redis' own.
    let start = try await worker.store.stats(ids[0].queue).nowMs
    var lost = 0
    var now = start
    while now - start < leaseMs * 4 {
      lost += try await worker.store.reap(ids[0].queue).lost
      now = try await worker.store.stats(ids[0].queue).nowMs
    }
    #expect(lost == 0)
    #expect(handler.runs == 4)
    for id in ids { #expect(try await worker.store.read(id)?.losses == 0) }
    worker.processor.releaseAll()
    await worker.stop()
  }

  @Test("the result of a worker that lost its lease is refused, and the job's other run counts")
  @EventLoop
  func lostLease() async throws {
    let handler = StubbornHandler()
    let worker = try WorkerFixture(
      try RedisServer(), .init(slots: 1, leaseMs: 50, extendsLeases: false, handlers: ["test.spin": handler]))
    let id = try await worker.enqueue("test.spin")
    try await eventually("it runs") { handler.runs == 1 }
    try await eventually("the reaper takes it back") { try await worker.store.reap(id.queue).recovered == 1 }
    // The slot is taken, so only the other worker can have it.
    #expect(try await worker.store.claim(1, from: id.queue, worker: "another").jobs.map(\.token) == [2])
    handler.release()
    let late =
      try await eventually("the late result is counted") {
        try worker.server.command("HGET", "wc:{test}:stats", "late").text
      } as String
    #expect(late == "1")
    let end = Settlement(id: id, token: 2, end: .success(Array("1".utf8)))
    #expect(try await worker.store.settle([end], on: id.queue, worker: "another") == [.done])
    let record = try await worker.ended(id)
    #expect(record.state == .succeeded && record.deliveries == 2 && record.attempts == 1 && record.losses == 1)
    #expect(record.result == Array("1".utf8))
    await worker.stop()
  }

  @Test("unfinished jobs go back in their order, at the head, uncharged")
  @EventLoop
  func releases() async throws {
    // More than one call settles.
    let slots = 40
    let handler = SleepingHandler()
    let worker = try WorkerFixture(try RedisServer(), .init(slots: slots, handlers: ["test.spin": handler]))
    var ids: [JobID] = []
    for _ in 0..<slots { ids.append(try await worker.enqueue("test.spin")) }
    try await eventually("all run") { handler.runs == slots }
    let waiting = try await worker.enqueue("test.spin")
    worker.processor.releaseAll()
    try await eventually("Redis has them") { worker.processor.isSettled }
    let line = try worker.server.command("LRANGE", "wc:{test}:ready", "0", "-1").elements.compactMap(\.text)
    // The next one out stands last.
    #expect(line == [waiting.text] + ids.reversed().map(\.text))
    for id in ids {
      let record = try await worker.store.read(id)
      #expect(record?.state == .ready && record?.attempts == 0 && record?.losses == 0 && record?.deliveries == 1)
    }
    await worker.stop()
  }

  @Test("jobs whose claim's reply was lost are found again and run once, without a lost lease")
  @EventLoop
  func lostReply() async throws {
    let server = try RedisServer(.tcp)
    let proxy = try FaultProxy(to: server.address)
    let handler = CountingHandler()
    let worker = try WorkerFixture(
      server, .init(slots: 4, handlers: ["test.noop": handler], url: proxy.redisURL))
    let direct = try RedisServerStore(server)
    var ids: [JobID] = []
    for round in 0..<20 {
      for _ in 0..<5 { ids.append(try await direct.enqueue("test.noop", #"{"round":\#(round)}"#)) }
      proxy.cut()
    }
    for id in ids {
      let record = try await direct.ended(id)
      #expect(record.state == .succeeded && record.attempts == 1 && record.losses == 0)
    }
    #expect(handler.runs >= ids.count)
    await worker.stop()
    await direct.stop()
  }

  @Test("progress is kept while the job runs")
  @EventLoop
  func progress() async throws {
    let worker = try WorkerFixture(
      try RedisServer(),
      .init(handlers: [
        "test.spin": ClosureHandler { job, context throws(JobFailure) in
          context.report(progress: Array(#"{"percent":40}"#.utf8))
          while true { try context.checkStop() }
        }
      ]))
    let id = try await worker.enqueue("test.spin")
    let record = try await worker.record(of: id, "has progress") { $0.progress != nil }
    #expect(record.progress == Array(#"{"percent":40}"#.utf8))
    worker.processor.releaseAll()
    await worker.stop()
  }

  @Test("of many reports the latest is kept, few are written, and none of a job that ends at once")
  @EventLoop
  func pacedProgress() async throws {
    let server = try RedisServer()
    let worker = try WorkerFixture(
      server,
      .init(handlers: [
        "test.spin": ClosureHandler { job, context throws(JobFailure) in
          for number in 1...1000 { context.report(progress: Array("\(number)".utf8)) }
          while true { try context.checkStop() }
        },
        "test.noop": ClosureHandler { job, context in
          context.report(progress: Array("1".utf8))
          return Array("{}".utf8)
        },
      ]))
    let short = try await worker.ended(try await worker.enqueue("test.noop"))
    #expect(short.state == .succeeded && short.progress == nil)
    let before = try server.command("INFO", "commandstats").text ?? ""
    let id = try await worker.enqueue("test.spin")
    let record = try await worker.record(of: id, "has progress") { $0.progress != nil }
    #expect(record.progress == Array("1000".utf8))
    let after = try server.command("INFO", "commandstats").text ?? ""
    #expect(Self.calls("evalsha", after) > 0)
    // Claims, leases and this test's reads are scripts too, a few dozen at most.
    #expect(Self.calls("evalsha", after) - Self.calls("evalsha", before) < 200)
    worker.processor.releaseAll()
    await worker.stop()
  }

  /// How often a command was called, of INFO commandstats.
  private static func calls(_ command: String, _ statistics: String) -> Int {
    let digits = statistics.components(separatedBy: "cmdstat_\(command):calls=").dropFirst().first?.prefix {
      $0.isNumber
    }
    return digits.flatMap { Int($0) } ?? 0
  }

  @Test("a queue's own attempts and a queue's own, shorter lease are in force from the next claim on")
  @EventLoop
  func queueSettings() async throws {
    let server = try RedisServer()
    let queue = try #require(QueueName("test"))
    let spinning = SpinningHandler()
    let worker = try WorkerFixture(
      server, .init(handlers: ["test.fail": TestHandlers.Fail(), "test.spin": spinning]))
    try await worker.store.change([.maxAttempts(2), .leaseMs(1000)], of: queue)
    let failing = try await worker.enqueue("test.fail", #"{"message":"always"}"#)
    let dead = try await worker.ended(failing)
    #expect(dead.state == .dead && dead.attempts == 2)
    let id = try await worker.enqueue("test.spin")
    try await eventually("it spins") { spinning.runs == 1 }
    let start = try await worker.store.stats(queue).nowMs
    var lost = 0
    while try await worker.store.stats(queue).nowMs - start < 2500 { lost += try await worker.store.reap(queue).lost }
    #expect(lost == 0 && spinning.runs == 1)
    #expect(try await worker.store.read(id)?.state == .running)
    worker.processor.releaseAll()
    await worker.stop()
  }
}
