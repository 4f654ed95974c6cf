import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("A full Redis")
struct OutOfMemoryTests {
  @Test("enqueue is refused whole, everything drains, and then there is room again")
  func drains() throws {
    var options = RedisServer.Options()
    options.maxMemory = "6mb"
    let client = try ScriptClient(RedisServer(options))
    // A script that is not loaded yet could not be loaded later.
    for name in ScriptName.allCases {
      var command = RedisCommand("SCRIPT", "LOAD")
      command.append(client.scripts[name].source)
      _ = try client.redis.execute(command)
    }
    let payload = String(repeating: "x", count: 300)
    var count = 0
    var refusal: RedisError?
    while refusal == nil, count < 100_000 {
      let jobs = (0..<16).map { NewJob.numbered(count + $0, payload: payload) }
      do {
        _ = try client.run(EnqueueScript.self, .init(jobs: jobs))
        count += 16
      } catch let error as RedisError {
        refusal = error
      }
    }
    #expect(refusal.map { JobError($0) } == .outOfMemory)
    try client.command("CONFIG", "SET", "maxmemory", "5mb")  // well above the limit, not at its edge
    #expect(try client.int("LLEN", client.keys.ready) == Int64(count))
    #expect(try client.int("EXISTS", client.keys.job(.numbered(count))) == 0)
    let note = ProgressScript.Note(lease: Lease(id: .numbered(0), token: 1), progress: [])
    #expect(throws: RedisError.self) { try client.run(ProgressScript.self, .init(worker: "w", notes: [note])) }

    let retention = Retention(doneMax: 100, deadMax: 100)
    var drained = 0
    while true {
      let claimed = try client.run(ClaimScript.self, .of(16)).jobs
      if claimed.isEmpty { break }
      #expect(try client.run(ExtendScript.self, .init(worker: "w", leases: claimed.map(\.lease))).lost.isEmpty)
      let ends = claimed.map {
        Settlement(id: $0.id, token: $0.token, end: .success(Array(repeating: 0x72, count: 100)))
      }
      let codes = try client.run(SettleScript.self, .init(worker: "w", retention: retention, settlements: ends))
      #expect(codes.allSatisfy { $0 == .done })
      drained += claimed.count
    }
    #expect(drained == count)
    _ = try client.run(ReapScript.self, .init(retention: retention))
    try client.command("CONFIG", "SET", "maxmemory", "6mb")
    #expect(try client.run(EnqueueScript.self, .init(jobs: [.numbered(999_999)])) == [.created])
  }
}
