import Foundation
import Synchronization
import TestSupport

@testable import Jobs

/// Clients that enqueue, claim, settle, extend, reap, cancel, requeue and purge at random until they are told to stop.
final class LiveLoad: Sendable {
  private let isStopped = Mutex(false)
  private let failures = Mutex<[String]>([])
  private let calls = Mutex(0)
  private let group = DispatchGroup()

  init(_ server: RedisServer, clients: Int, seed: UInt64) throws {
    for number in 0..<clients {
      let ready = try LoadClient(server, number: number, seed: seed)
      group.enter()
      Thread { [self] in
        defer { group.leave() }
        do {
          while !isStopped.withLock({ $0 }) {
            try ready.step()
            calls.withLock { $0 += 1 }
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }.start()
    }
  }

  /// How many calls were made.
  var callCount: Int { calls.withLock { $0 } }

  /// Lets every client end its call, and answers what failed.
  func stop() -> [String] {
    isStopped.withLock { $0 = true }
    group.wait()
    return failures.withLock { $0 }
  }
}

/// One of them. Sendable as it is used by its own thread alone.
private final class LoadClient: @unchecked Sendable {
  private let client: ScriptClient
  private let worker: String
  private let number: Int
  private var random: SeededGenerator
  private var minted = 0
  private var held: [ClaimedJob] = []
  /// So that the load goes on for as long as it likes and stays as large as it is.
  private static let retention = Retention(doneMax: 1000, deadMax: 300)

  init(_ server: RedisServer, number: Int, seed: UInt64) throws {
    client = try ScriptClient(server)
    self.number = number
    worker = "load-\(number)"
    random = SeededGenerator(seed: seed &+ UInt64(number))
  }

  func step() throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0...5: try enqueue()
    case 6...9: held += try client.run(ClaimScript.self, .of(32, worker, leaseMs: 1000)).jobs
    case 10...13: try settle()
    case 14: _ = try client.run(ExtendScript.self, .init(worker: worker, leaseMs: 1000, leases: held.map(\.lease)))
    case 15: _ = try client.run(ReapScript.self, .init(retention: Self.retention))
    case 16: _ = try client.run(CancelScript.self, .init(retention: Self.retention, ids: some(8)))
    case 17: _ = try client.run(RequeueScript.self, .init(ids: some(8)))
    case 18: _ = try client.run(PurgeScript.self, .init(ids: some(8)))
    default: held.removeAll(keepingCapacity: true)  // as if the process had died
    }
  }

  private func enqueue() throws {
    let jobs = (0..<Int.random(in: 1...40, using: &random)).map { _ in
      minted += 1
      let start: JobStart = Bool.random(using: &random) ? .now : .afterMs(Int64.random(in: 0...300, using: &random))
      let lock = NewJob.Unique(key: "lock-\(Int.random(in: 0..<30, using: &random))", ttlMs: 60_000)
      return NewJob.numbered(
        number * 10_000_000 + minted, isSealed: minted.isMultiple(of: 5),
        priority: minted.isMultiple(of: 7) ? .high : .normal, start: start,
        unique: minted.isMultiple(of: 11) ? lock : nil,
        idempotency: minted.isMultiple(of: 13) ? .init(key: "idem-\(minted % 50)", body: "b") : nil)
    }
    _ = try client.run(EnqueueScript.self, .init(maxDepth: 1500, jobs: jobs))
  }

  private func settle() throws {
    guard !held.isEmpty else { return }
    let ends = held.prefix(64).map { job in
      let end: Settlement.End =
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .retry(afterMs: Int64.random(in: 0...200, using: &random), error: "no")
        case 1: .dead(.permanent, error: "no")
        case 2: .release(afterMs: 0)
        case 3: .release(afterMs: 100)
        case 4: .cancelled
        default: .success(Array("{}".utf8))
        }
      return Settlement(id: job.id, token: job.token, end: end)
    }
    _ = try client.run(SettleScript.self, .init(worker: worker, retention: Self.retention, settlements: ends))
    held.removeFirst(min(64, held.count))
  }

  private func some(_ count: Int) -> [JobID] {
    (0..<count).map { _ in
      .numbered(number * 10_000_000 + Int.random(in: max(1, minted - 2000)...max(1, minted), using: &random))
    }
  }
}
