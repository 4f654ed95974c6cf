import RedisWire
import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("What the doctor finds and mends")
struct ExaminationTests {
  @EventLoop
  private static func examination(
    _ fixture: StoreFixture, idsPerRound: Int64 = 2_000_000, mostFindings: Int = 50_000
  ) -> Examination {
    var options = Examination.Options()
    options.idsPerRound = idsPerRound
    options.mostFindings = mostFindings
    options.pause = .milliseconds(1)
    return Examination(fixture.store, options: options)
  }

  @Test("a healthy queue gives no finding, and mending leaves it as it is")
  func healthy() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      try PlantedFlaw.populate(fixture.beside)
      let before = try Self.everything(fixture.beside)
      #expect(try await Self.examination(fixture).look() == [])
      for number in 1...7 {
        let request = MendScript.Request(thing: .job(PlantedFlaw.id(number)))
        #expect(try fixture.beside.run(MendScript.self, request) == .init(found: [], left: []))
      }
      #expect(try Self.everything(fixture.beside) == before)
    }
  }

  @Test("each flaw is found by its name, alone, and mended", arguments: PlantedFlaw.all)
  func planted(_ planted: PlantedFlaw) async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      try PlantedFlaw.populate(fixture.beside)
      try planted.plant(fixture.beside)
      let examination = Self.examination(fixture)
      let findings = try await examination.look()
      #expect(Set(findings.map(\.flaw)) == planted.expected && examination.isComplete)
      let left = try await examination.mend(findings)
      if planted.isMended {
        #expect(left == [])
        try planted.check(fixture.beside)
        #expect(try await examination.look() == [])
      } else {
        #expect(Set(left.map(\.flaw)) == planted.expected)
        #expect(try await examination.look() == findings, "what cannot be mended is as it was")
      }
    }
  }

  @Test("every code has a case of its own here, and says what it means")
  func codes() {
    let planted = Set(PlantedFlaw.all.flatMap { $0.expected.map(\.code) })
    for code in Flaw.Code.allCases {
      #expect(planted.contains(code) && !code.meaning.isEmpty, "\(code)")
    }
  }

  @Test("what others leave behind in the course of things is no flaw")
  func ordinary() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try PlantedFlaw.populate(client)
      // Raw elements, an entry of an ended job whose hash expired, an Idempotency-Key beyond its job, ended jobs out of
      // their set by age, a cancelled id deep in the line under its tombstone, purged since.
      try client.command("LPUSH", client.keys.ready, #"{"kind":"test.noop","payload":{}}"#)
      try client.command("ZADD", client.keys.done, "5", PlantedFlaw.id(50))
      try client.command("SET", client.keys.idempotency("old"), "\(PlantedFlaw.id(51)) print")
      try client.command("ZREM", client.keys.dead, PlantedFlaw.id(5))
      try client.command("LPUSH", client.keys.ready, PlantedFlaw.id(52))
      try client.command("SADD", client.keys.tombstones, PlantedFlaw.id(52))
      #expect(try await Self.examination(fixture).look() == [])
    }
  }

  @Test("in rounds over parts of the ids the same is found")
  func rounds() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try client.command("SADD", Keys.standard.queues, "proof")
      _ = try client.run(EnqueueScript.self, .init(jobs: (1...60).map { .numbered($0) }))
      for number in 1...60 where number.isMultiple(of: 3) {
        try client.command("LREM", client.keys.ready, "0", PlantedFlaw.id(number))
      }
      for number in 1...60 where number % 3 == 1 { try client.command("DEL", client.keys.job(.numbered(number))) }
      try client.command("LPUSH", client.keys.ready, PlantedFlaw.id(2))
      let whole = try await Self.examination(fixture).look()
      #expect(whole.count == 41)
      #expect(try await Self.examination(fixture, idsPerRound: 7).look() == whole)
    }
  }

  @Test("more than a look holds is mended look by look")
  func many() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try client.command("SADD", Keys.standard.queues, "proof")
      _ = try client.run(EnqueueScript.self, .init(jobs: (1...50).map { .numbered($0) }))
      try client.command("DEL", client.keys.ready)
      let examination = Self.examination(fixture, mostFindings: 20)
      var looks = 0
      repeat {
        #expect(try await examination.mend(try await examination.look()).isEmpty)
        looks += 1
      } while !examination.isComplete
      #expect(looks == 3)
      #expect(try Set(client.ready()) == Set((1...50).map(PlantedFlaw.id)) && client.ready().count == 50)
    }
  }

  @Test("a finding that was mended by others before its turn is left alone")
  func overtaken() async throws {
    try await StoreFixture.run(try RedisServer()) { fixture in
      let client = fixture.beside
      try PlantedFlaw.populate(client)
      try client.command("LREM", client.keys.ready, "0", PlantedFlaw.id(7))
      let examination = Self.examination(fixture)
      let findings = try await examination.look()
      try client.command("RPUSH", client.keys.ready, PlantedFlaw.id(7))
      let claimed = try client.run(ClaimScript.self, .of(1)).jobs
      #expect(claimed.map(\.id) == [.numbered(7)])
      #expect(try await examination.mend(findings).isEmpty)
      #expect(try client.record(.numbered(7))?.state == .running && client.ready() == [PlantedFlaw.id(1)])
    }
  }

  private static func everything(_ client: ScriptClient) throws -> [String: [UInt8]] {
    var all: [String: [UInt8]] = [:]
    for key in try client.strings("KEYS", "*") { all[key] = try client.redis.execute(RedisCommand("DUMP", key)).bytes }
    return all
  }
}
