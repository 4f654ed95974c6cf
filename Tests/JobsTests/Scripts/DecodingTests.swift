import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("Replies of an unexpected shape are typed errors")
struct DecodingTests {
  static let ids = [JobID.numbered(1), .numbered(2)]
  static let values: [RESPValue] = [
    .null, .simple("OK"), .bulk([]), .bulk([0xFF]), .integer(-1), .integer(0), .integer(.max), .array([]),
    .boolean(true),
    .double(.nan), .array([.null, .null]), .array([.integer(1)]), .array([.integer(9), .integer(9)]),
    .array(Array(repeating: .array([]), count: 4)), .array(Array(repeating: .integer(-5), count: 7)),
    .array(Array(repeating: .bulk([0xFF]), count: 12)), .error(RedisServerError(line: "ERR no")),
    .array([
      .integer(1), .integer(0), .integer(0), .integer(-1), .integer(1), .integer(0), .array([.bulk([1]), .integer(1)]),
    ]),
    .array([
      .integer(1), .integer(0), .integer(0), .integer(-1), .integer(1), .integer(0),
      .array([.bulk([1]), .integer(0), .array([])]),
    ]),
    .array([
      .integer(1), .integer(0), .integer(0), .integer(-1), .integer(1), .integer(0),
      .array([.bulk([1]), .integer(1), .array([.null])]),
    ]),
  ]

  private func never<S: JobScript>(_ script: S.Type, _ request: S.Request, accepts: Set<Int> = []) {
    for (place, value) in Self.values.enumerated() {
      do {
        _ = try S.decode(value, of: request)
        #expect(accepts.contains(place), "\(S.name) accepts value \(place)")
      } catch {
        guard case .unexpectedReply(let name, _) = error else {
          Issue.record("\(S.name): \(error)")
          continue
        }
        #expect(S.name.rawValue.contains(name))
      }
    }
  }

  @Test("in every script")
  func everyScript() {
    never(EnqueueScript.self, .init(jobs: [.numbered(1), .numbered(2)]))
    never(ClaimScript.self, .of(1), accepts: [14])
    let ends = Self.ids.map { Settlement(id: $0, token: 1, end: .cancelled) }
    never(SettleScript.self, .init(worker: "w", settlements: ends))
    never(SettleAndClaimScript.self, .init(settle: .init(worker: "w", settlements: ends), claim: .of(1)))
    never(ReclaimScript.self, .init(worker: "w", known: []), accepts: [11])
    never(ExtendScript.self, .init(worker: "w", leases: []))
    never(
      ProgressScript.self,
      .init(worker: "w", notes: Self.ids.map { .init(lease: .init(id: $0, token: 1), progress: []) }))
    never(ReapScript.self, .init())
    never(CancelScript.self, .init(ids: Self.ids))
    never(RequeueScript.self, .init(ids: Self.ids))
    never(PurgeScript.self, .init(ids: Self.ids))
    never(PauseScript.self, .init(isPaused: true), accepts: [4, 5, 6])
    never(StatsScript.self, .init())
    never(ReadScript.self, .init(ids: Self.ids))
  }

  @Test("words and ids in codes are read strictly")
  func codes() throws {
    func decode(_ text: String) throws -> EnqueueScript.Outcome {
      try EnqueueScript.decode(.array([.bulk(Array(text.utf8))]), of: .init(jobs: [.numbered(1)]))[0]
    }
    #expect(try decode("full") == .full && decode("replayed \(Self.ids[0])") == .replayed(Self.ids[0]))
    #expect(try decode("conflict \(Self.ids[0])") == .conflict(Self.ids[0]))
    for text in ["", "replayed", "replayed x", "unknown \(Self.ids[0])", "replayed \(Self.ids[0]) x"] {
      #expect(throws: JobError.self) { try decode(text) }
    }
    #expect(Settlement.Code(.bulk(Array("already".utf8))) == .already && Settlement.Code(.integer(2)) == nil)
  }

  @Test("limits of a request are kept whatever is asked for", arguments: [Int.min, -1, 0, 65, Int.max])
  func limits(_ limit: Int) throws {
    let client = try ScriptClient(RedisServer())
    _ = try client.run(EnqueueScript.self, .init(jobs: (1...64).map { .numbered($0) }))
    let claimed = try client.run(ClaimScript.self, .of(limit)).jobs.count
    #expect(claimed == min(max(limit, 0), 64))
    _ = try client.run(ReapScript.self, .init(limit: limit, deadlyLosses: limit))
    _ = try client.run(ReclaimScript.self, .init(worker: "w", offset: Int64(limit), window: limit, known: []))
  }
}
