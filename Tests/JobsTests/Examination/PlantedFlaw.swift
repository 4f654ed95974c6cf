import Testing

@testable import Jobs

/// A flaw that a test makes by hand in a healthy queue, and what mending must leave behind.
struct PlantedFlaw: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// What the examination must say, of the job that `plant` answers.
  let expected: Set<Flaw>
  /// Whether `--repair` mends it.
  var isMended = true
  /// Spoils something.
  let plant: @Sendable (ScriptClient) throws -> Void
  /// Looks at what was mended.
  let check: @Sendable (ScriptClient) throws -> Void

  init(
    _ name: String, _ expected: Flaw..., isMended: Bool = true,
    plant: @escaping @Sendable (ScriptClient) throws -> Void,
    check: @escaping @Sendable (ScriptClient) throws -> Void = { _ in }
  ) {
    testDescription = name
    self.expected = Set(expected)
    self.isMended = isMended
    self.plant = plant
    self.check = check
  }

  /// The healthy queue: job 1 ready, 2 scheduled, 3 running by `w`, 4 succeeded, 5 dead, 6 cancelled, 7 ready behind 1.
  static func populate(_ client: ScriptClient) throws {
    try client.command("SADD", Keys.standard.queues, "proof")
    let lock = NewJob.Unique(key: "lock", ttlMs: 600_000)
    for number in [3, 4, 5] { try enqueue(client, .numbered(number)) }
    let claimed = try client.run(ClaimScript.self, .of(3)).jobs
    #expect(claimed.count == 3)
    let ends = [
      Settlement(id: .numbered(4), token: 1, end: .success(Array("{}".utf8))),
      Settlement(id: .numbered(5), token: 1, end: .dead(.permanent, error: "no")),
    ]
    #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: ends)) == [.done, .done])
    try enqueue(client, .numbered(6))
    #expect(try client.run(CancelScript.self, .init(ids: [.numbered(6)])) == [.cancelled])
    try enqueue(client, .numbered(1, unique: lock, idempotency: .init(key: "again", body: "b")))
    try enqueue(client, .numbered(7))
    try enqueue(client, .numbered(2, start: .afterMs(600_000)))
  }

  private static func enqueue(_ client: ScriptClient, _ job: NewJob) throws {
    #expect(try client.run(EnqueueScript.self, .init(jobs: [job])) == [.created])
  }

  static func id(_ number: Int) -> String { JobID.numbered(number).text }

  /// Sees to it that a job is at the head of the line, once, and that nobody holds it.
  static func isReady(_ client: ScriptClient, _ number: Int) throws {
    let job = try #require(try client.record(.numbered(number)))
    #expect(job.state == .ready && job.worker == nil)
    #expect(try client.ready().filter { $0 == id(number) }.count == 1)
    #expect(try client.ttl(.numbered(number)) == -1)
  }
}
