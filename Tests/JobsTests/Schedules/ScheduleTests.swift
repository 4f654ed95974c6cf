import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("A schedule") struct ScheduleTests {
  static func schedule(
    _ cron: String = "*/10 * * * *", next: Int64? = 600_000, catchesUp: Bool = false, isPaused: Bool = false,
    revision: String = "r1"
  ) throws -> Schedule {
    Schedule(
      timing: try ScheduleTiming(cron), zone: "UTC", overlap: .skip, catchesUp: catchesUp, isPaused: isPaused,
      template: .init(
        kind: try #require(KindName("test.noop")), queue: try #require(QueueName("test")),
        json: Array(#"{"kind":"test.noop","payload":{}}"#.utf8), isSealed: false, owner: nil),
      revision: revision, createdMs: 0, updatedMs: 1, nextMs: next)
  }

  @Test("nothing is due before its time, or while it is paused")
  func notDue() throws {
    #expect(try Self.schedule().due(atMs: 599_999, in: .utc) == nil)
    #expect(try Self.schedule(isPaused: true).due(atMs: 600_000, in: .utc) == nil)
    #expect(try Self.schedule(next: nil).due(atMs: .max, in: .utc) == nil)
  }

  @Test("a run leads to the next one")
  func due() throws {
    for catchesUp in [false, true] {
      let due = try #require(try Self.schedule(catchesUp: catchesUp).due(atMs: 600_000, in: .utc))
      #expect(due == (600_000, 1_200_000))
    }
  }

  @Test("of the runs that were missed the last is made, or with catch-up each of the last day in order")
  func missed() throws {
    let now: Int64 = 90 * 86_400_000 + 1_234_567
    let last = try #require(try Self.schedule().due(atMs: now, in: .utc))
    #expect(last == (now / 600_000 * 600_000, now / 600_000 * 600_000 + 600_000))
    var schedule = try Self.schedule(catchesUp: true)
    var ticks: [Int64] = []
    while let due = schedule.due(atMs: now, in: .utc) {
      ticks.append(due.tickMs)
      schedule.nextMs = due.next
    }
    let expected = stride(from: (now - 86_400_000) / 600_000 * 600_000 + 600_000, through: now, by: 600_000)
    #expect(ticks == Array(expected))
    #expect(schedule.nextMs == last.next)
  }

  @Test("@every keeps its phase while it catches up")
  func phase() throws {
    let now: Int64 = 10 * 86_400_000
    var schedule = try Self.schedule("@every 7h", next: 12_345, catchesUp: true)
    var ticks: [Int64] = []
    while let due = schedule.due(atMs: now, in: .utc) {
      ticks.append(due.tickMs)
      schedule.nextMs = due.next
    }
    #expect(ticks.count == 4 && ticks.allSatisfy { ($0 - 12_345) % 25_200_000 == 0 && $0 >= now - 86_400_000 })
  }

  @Test("where only runs that are too old were missed, the last of them is made")
  func rare() throws {
    let yearly = try Self.schedule("0 0 1 1 *", next: 0, catchesUp: true)
    let due = try #require(yearly.due(atMs: 40 * 86_400_000, in: .utc))
    #expect(due == (0, 365 * 86_400_000))
  }

  @Test("the next runs are shown, none of them for a paused one")
  func runs() throws {
    #expect(try Self.schedule().runs(3, in: .utc) == [600_000, 1_200_000, 1_800_000])
    #expect(try Self.schedule(isPaused: true).runs(3, in: .utc) == [])
    #expect(try Self.schedule("@daily", next: nil).runs(3, in: .utc) == [])
  }

  @Test("what is written is read back, and what cannot be read is none")
  func fields() throws {
    var schedule = try Self.schedule("30 2 * * mon-fri", catchesUp: true, isPaused: true)
    schedule.overlap = .allow
    schedule.zone = "Europe/Berlin"
    schedule.template.owner = "alice"
    schedule.template.isSealed = true
    let run = Schedule.Run(
      tickMs: 5, outcome: .skipped, job: JobID("test.01ARZ3NDEKTSV4RRFFQ69G5FAV"), detail: "detail")
    let pairs =
      schedule.definition.map { ("\($0.name)", $0.value) } + run.fields.map { ("\($0.name)", Array($0.value.utf8)) }
    func read(_ change: (String, String)? = nil) throws -> Schedule? {
      let changed = pairs.map { name, value in name == change?.0 ? Array((change?.1 ?? "").utf8) : value }
      let flat = zip(pairs, changed).flatMap { [RESPValue.bulk(Array($0.0.utf8)), .bulk($1)] }
      return Schedule(fields: try #require(RESPMap(alternating: flat)))
    }
    schedule.last = run
    #expect(try read() == schedule)
    for name in ["cron", "tz", "revision", "kind", "queue"] { #expect(try read((name, "")) == nil, "\(name)") }
    #expect(try read(("cron", "61 * * * *")) == nil)
    // What is optional and spoilt counts as absent.
    #expect(try read(("last_outcome", "what"))?.last == nil)
    #expect(try read(("overlap", "what"))?.overlap == .skip)
    #expect(try read(("next_ms", "soon"))?.nextMs == nil)
  }

  @Test("every producer gives the job of a run the same id, and other runs and schedules other ones")
  func ids() throws {
    let (queue, name) = (try #require(QueueName("test")), try #require(ScheduleName("nightly")))
    let id = try JobID(run: 1_790_000_000_000, of: name, queue: queue)
    #expect(try JobID(run: 1_790_000_000_000, of: name, queue: queue) == id)
    #expect(id.mintedMs == 1_790_000_000_000 && JobID(id.text) == id)
    let others = [
      try JobID(run: 1_790_000_000_001, of: name, queue: queue),
      try JobID(run: 1_790_000_000_000, of: try #require(ScheduleName("nightly2")), queue: queue),
      try JobID(run: 1_790_000_000_000, of: name, queue: .proof),
    ]
    #expect(Set(others + [id]).count == 4)
  }

  @Test("names", arguments: ["a", "0", "nightly-report_2.v1", String(repeating: "a", count: 64)])
  func names(text: String) { #expect(ScheduleName(text)?.text == text) }

  @Test(
    "texts that are no names",
    arguments: ["", ".", "-a", "_a", "A", "a b", "a/b", "ä", "a{b}", "a\0", String(repeating: "a", count: 65)])
  func noNames(text: String) { #expect(ScheduleName(text) == nil) }
}
