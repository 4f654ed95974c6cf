import Foundation
import TestSupport
import Testing

@Suite("Random operations, Redis against a model")
struct ModelTests {
  static let operations = ProcessInfo.processInfo.environment["WC_MODEL_OPERATIONS"].flatMap { Int($0) } ?? 4000

  @Test("every answer and everything stored agree, on a server alone")
  func alone() throws {
    let seed = SeededGenerator().seed
    let run = try ModelRun(RedisServer(), seed: seed)
    try run.go(isLongRun ? 6 * Self.operations : Self.operations)
    #expect(run.accepted.count > 100, "seed \(seed)")
  }

  @Test("and on a node of a cluster, where every key must be in one slot")
  func cluster() throws {
    let seed = SeededGenerator().seed
    let run = try ModelRun(RedisServer(.cluster), seed: seed)
    try run.go(Self.operations / 4)
    #expect(run.accepted.count > 20, "seed \(seed)")
  }
}
