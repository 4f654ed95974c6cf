import Foundation
import RedisWire
import Synchronization
import TestSupport
import Testing

@testable import Jobs

/// kill -9 of Redis under load with `appendfsync always`: what was answered is there afterwards, and nothing is in two places.
@Suite("A killed Redis")
struct CrashTests {
  /// What the threads were told; only that must survive.
  private final class Account: Sendable {
    let enqueued = Mutex<Set<String>>([])
    let results = Mutex<[String: String]>([:])
    let isOver = Mutex(false)
    let faults = Mutex<[String]>([])
    let enough = DispatchSemaphore(value: 0)
    let goal: Int

    init(goal: Int) { self.goal = goal }

    func accept(_ id: JobID, _ result: String) {
      let count = results.withLock { results in
        if results.updateValue(result, forKey: id.text) != nil {
          faults.withLock { $0.append("two results for \(id)") }
        }
        return results.count
      }
      if count == goal { enough.signal() }
    }
  }

  @Test("loses nothing that was answered", arguments: [1, 2, 3] as [UInt64])
  func kill(_ seed: UInt64) throws {
    let server = try RedisServer(.durable)
    let account = Account(goal: 400)
    let group = DispatchGroup()
    for number in 0..<2 { start(group) { try Self.produce(server, account, number, seed) } }
    for number in 0..<3 { start(group) { try Self.work(server, account, number, seed) } }
    let inTime = account.enough.wait(timeout: .now() + 30) == .success
    server.kill()
    account.isOver.withLock { $0 = true }
    group.wait()
    #expect(inTime && account.faults.withLock { $0 } == [], "seed \(seed)")
    try server.start()
    try check(try ScriptClient(server), account, seed)
  }

  private func start(_ group: DispatchGroup, _ body: @escaping @Sendable () throws -> Void) {
    group.enter()
    Thread { [group] in
      try? body()  // ends with the error of the cut connection
      group.leave()
    }.start()
  }

  private static func produce(_ server: RedisServer, _ account: Account, _ number: Int, _ seed: UInt64) throws {
    let client = try ScriptClient(server)
    var random = SeededGenerator(seed: seed &+ UInt64(number))
    var next = number * 10_000_000
    while !account.isOver.withLock({ $0 }) {
      let jobs = (0..<(random.next() % 2 == 0 ? 1 : 8)).map { offset in
        NewJob.numbered(
          next + offset, isSealed: random.next() % 2 == 0, priority: random.next() % 4 == 0 ? .high : .normal,
          start: random.next() % 4 == 0 ? .afterMs(50) : .now)
      }
      next += jobs.count
      _ = try client.run(EnqueueScript.self, .init(maxDepth: 0, jobs: jobs))
      account.enqueued.withLock { $0.formUnion(jobs.map(\.id.text)) }
    }
  }

  private static func work(_ server: RedisServer, _ account: Account, _ number: Int, _ seed: UInt64) throws {
    let client = try ScriptClient(server)
    var random = SeededGenerator(seed: seed &+ 100 &+ UInt64(number))
    while !account.isOver.withLock({ $0 }) {
      let claimed = try client.run(ClaimScript.self, .of(8, "w\(number)", leaseMs: 300)).jobs
      let ends = claimed.map { job -> Settlement in
        let end: Settlement.End =
          switch random.next() % 10 {
          case 0: .retry(afterMs: 20, error: "again")
          case 1: .release(afterMs: 0)
          default: .success(Array("result of \(job.id)".utf8))
          }
        return Settlement(id: job.id, token: job.token, end: end)
      }
      let codes = try client.run(SettleScript.self, .init(worker: "w\(number)", settlements: ends))
      for (end, code) in zip(ends, codes) where code == .done {
        if case .success(let result) = end.end { account.accept(end.id, String(decoding: result, as: UTF8.self)) }
      }
    }
  }

  private func check(_ client: ScriptClient, _ account: Account, _ seed: UInt64) throws {
    var homes: [String: [String]] = [:]
    for id in try client.ready() { homes[id, default: []].append("ready") }
    for set in QueueModel.sortedSets {
      for id in try client.strings("ZRANGE", client.keys.base + set, "0", "-1") { homes[id, default: []].append(set) }
    }
    let ids = try client.strings("KEYS", client.keys.base + "job:*").compactMap {
      JobID(String($0.split(separator: ":").last!))
    }
    var records: [String: JobRecord] = [:]
    for start in stride(from: 0, to: ids.count, by: 64) {
      for record in try client.run(ReadScript.self, .init(ids: Array(ids[start..<min(start + 64, ids.count)]))) {
        if let record { records[record.id.text] = record }
      }
    }
    let misplaced = records.values.filter { record in
      guard let state = record.state else { return true }
      return homes[record.id.text] != [QueueModel.home(state) ?? "ready"]
    }
    #expect(misplaced.isEmpty && homes.count == records.count, "seed \(seed): \(misplaced.prefix(2))")
    let lost = account.enqueued.withLock { $0 }.filter { records[$0] == nil }
    #expect(lost.isEmpty, "seed \(seed): \(lost.prefix(3))")
    for (id, result) in account.results.withLock({ $0 }) {
      let record = records[id]
      #expect(record?.state == .succeeded && record?.result == Array(result.utf8), "seed \(seed): \(id)")
    }
  }
}
