@testable import Jobs
import RedisWire
import TestSupport

/// Random operations on Redis and on the model; each answer is compared, and from time to time everything that is stored.
final class ModelRun {
  struct Difference: Error, CustomStringConvertible {
    let description: String
  }

  let client: ScriptClient
  let model = QueueModel()
  var random: SeededGenerator
  /// What each worker believes that it holds.
  var workers: [String: [JobID: Int64]] = [:]
  let names = (0..<4).map { "w\($0)" }
  /// Old deliveries, to try again later.
  var zombies: [(worker: String, lease: Lease)] = []
  /// The results that were accepted.
  var accepted: [String: String] = [:]
  var minted = 0
  var log: [String] = []
  var done = 0

  init(_ server: RedisServer, seed: UInt64, scripts: Scripts = VirtualClock.scripts) throws {
    client = try ScriptClient(server, scripts: scripts)
    random = SeededGenerator(seed: seed)
    for name in names { workers[name] = [:] }
    try tick(0)
  }

  /// Runs and, when something differs, says with which seed and after what.
  func go(_ operations: Int) throws {
    do {
      while done < operations {
        try step()
        done += 1
        if done.isMultiple(of: 50) { try check() }
      }
      try check()
      try drain()
    } catch {
      throw Difference(
        description: "seed \(random.seed), operation \(done): \(error); last: \(log.suffix(12).joined(separator: " "))")
    }
  }

  func tick(_ ms: Int64) throws {
    model.now += ms
    try client.command("SET", client.keys.base + "testclock", String(model.now))
  }

  func same<Value: Equatable>(_ redis: Value, _ model: Value, _ what: @autoclosure () -> String) throws {
    if redis != model { throw Difference(description: "\(what()): redis \(redis), model \(model)") }
  }

  func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw Difference(description: what()) }
  }

  func mint() -> JobID {
    minted += 1
    return .numbered(minted)
  }

  func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  func pick<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: 0..<elements.count, using: &random)] }
  func worker() -> String { pick(names) }

  /// Some ids out of those whose job passes `filter`, or one that does not exist.
  func some(_ number: Int, _ filter: (QueueModel.Job) -> Bool = { _ in true }) -> [JobID] {
    let ids = model.jobs.filter { filter($0.value) }.keys.sorted()
    if ids.isEmpty { return [mint()] }
    return (0..<number).map { _ in JobID(pick(ids))! }
  }

  private func step() throws {
    let operation = pick(Self.wheel)
    log.append(operation.rawValue)
    switch operation {
    case .enqueue: try enqueue()
    case .depth: model.maxDepth = pick([0, 0, 40])
    case .claim: try claim()
    case .reclaim: try reclaim()
    case .settle: try settle()
    case .fused: try fused()
    case .late: try late()
    case .extend: try extend()
    case .progress: try progress()
    case .crash: crash()
    case .time: try tick(pick([1, 100, 2000, 6000, 16_000]))
    case .reap: try reap()
    case .cancel: try cancel()
    case .requeue: try requeue()
    case .purge: try purge()
    case .pause: try pause()
    case .raw: try pushRaw()
    case .loseHash: try loseHash()
    case .foreignKey: try foreignKey()
    case .stats: try stats()
    }
  }

  private enum Operation: String {
    case enqueue, depth, claim, reclaim, settle, fused, late, extend, progress, crash, time, reap, cancel, requeue
    case purge, pause, raw, loseHash, foreignKey, stats
  }

  private static let wheel: [Operation] = [
    (.enqueue, 16), (.depth, 1), (.claim, 16), (.reclaim, 3), (.settle, 14), (.fused, 10), (.late, 5), (.extend, 6),
    (.progress, 2), (.crash, 2), (.time, 9), (.reap, 6), (.cancel, 5), (.requeue, 4), (.purge, 1), (.pause, 2),
    (.raw, 3), (.loseHash, 2), (.foreignKey, 1), (.stats, 2),
  ].flatMap { (operation: Operation, weight: Int) in Array(repeating: operation, count: weight) }
}
