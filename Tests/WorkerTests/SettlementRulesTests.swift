import TestSupport
import Testing

@testable import Jobs
@testable import Worker

@Suite("Settlement rules")
struct SettlementRulesTests {
  private let rules = SettlementRules(retry: RetryPolicy(baseMs: 1000, maxMs: 8000), maxAttempts: 3)
  private var random = SeededGenerator()

  private func claimed(attempts: Int = 0, unknown: Int = 0, unknownSince: Int64? = nil) throws -> ClaimedJob {
    var record = JobRecord(id: try #require(JobID("proof.01JD0000000000000000000000")))
    record.attempts = attempts
    record.unknown = unknown
    record.unknownSinceMs = unknownSince
    return ClaimedJob(token: 7, record: record)
  }

  private mutating func end(
    _ end: Completion.End, attempts: Int = 0, stop: JobContext.StopReason = .none, options: JobOptions = JobOptions()
  ) throws -> Settlement.End {
    let completion = Completion(end: end, options: options)
    return rules.settlement(
      of: try claimed(attempts: attempts), completion, stop: stop, nowMs: 1_000_000, using: &random
    ).end
  }

  @Test(
    "a result succeeds, also when somebody asked to stop in the meantime",
    arguments: [
      JobContext.StopReason.none, .cancelled, .timeout, .shutdown,
    ])
  mutating func success(stop: JobContext.StopReason) throws {
    #expect(try end(.success([1]), stop: stop) == .success([1]))
  }

  @Test("a result's own time to live goes with it")
  mutating func keepTime() throws {
    var options = JobOptions()
    options.resultTTLMs = 5000
    let settlement = rules.settlement(
      of: try claimed(), Completion(end: .success([1]), options: options), stop: .none, nowMs: 0, using: &random)
    #expect(settlement.keepMs == 5000)
    #expect(settlement.token == 7)
  }

  @Test("failures are tried again within the backoff, and the last one is dead")
  mutating func retries() throws {
    for attempts in 0..<2 {
      guard
        case .retry(let after, let error) = try end(
          .failed(.retryable(code: "x", "broken")), attempts: attempts)
      else { throw SupportError("attempt \(attempts) is not retried \(random)") }
      #expect((1...Int64(1000 << attempts)).contains(after), "\(random)")
      #expect(error == "x: broken")
    }
    #expect(
      try end(.failed(.retryable(code: "x", "broken")), attempts: 2) == .dead(.exhausted, error: "x: broken"))
  }

  @Test("a handler's own wait counts, and a job's own number of attempts wins")
  mutating func ownWishes() throws {
    #expect(
      try end(.failed(.retryable(code: "x", "later", afterMs: 4321))) == .retry(afterMs: 4321, error: "x: later"))
    var options = JobOptions()
    options.maxAttempts = 1
    #expect(
      try end(.failed(.retryable(code: "x", "no")), options: options) == .dead(.exhausted, error: "x: no"))
  }

  @Test("a permanent failure is dead at once")
  mutating func permanent() throws {
    #expect(try end(.failed(.permanent(code: "bad", "no"))) == .dead(.permanent, error: "bad: no"))
  }

  @Test("a stopped handler is cancelled, timed out or given back, by the reason of the stop")
  mutating func stopped() throws {
    #expect(try end(.failed(.stopped), stop: .cancelled) == .cancelled)
    #expect(try end(.failed(.stopped), stop: .shutdown) == .release(afterMs: 0))
    #expect(try end(.failed(.stopped), stop: .none) == .release(afterMs: 0))
    guard case .retry = try end(.failed(.stopped), stop: .timeout) else { throw SupportError("no retry") }
    guard case .dead(.timeout, _) = try end(.failed(.stopped), attempts: 2, stop: .timeout) else {
      throw SupportError("the last time-out is not dead")
    }
  }

  @Test("an unusable job is dead for its reason, and what was learnt about it is kept")
  mutating func unusable() throws {
    let adoption = Settlement.Adoption(kind: nil, isSealed: true)
    let unusable = UnusableJob(reason: .plaintextRefused, detail: "plain", adoption: adoption)
    let settlement = rules.settlement(
      of: try claimed(), Completion(end: .unusable(unusable)), stop: .none, nowMs: 0, using: &random)
    #expect(settlement.end == .dead(.plaintextRefused, error: "plain"))
    #expect(settlement.adoption == adoption)
  }

  @Test("an unknown kind is given back for 5 s and counted, and dead after enough releases and ten minutes")
  mutating func unknownKind() throws {
    let completion = Completion(end: .unknownKind)
    let first = rules.settlement(of: try claimed(), completion, stop: .none, nowMs: 50, using: &random)
    #expect(first.end == .releaseUnknown(afterMs: 5000, unknown: 1, sinceMs: 50))
    let early = rules.settlement(
      of: try claimed(unknown: 9, unknownSince: 50), completion, stop: .none, nowMs: 600_049, using: &random)
    #expect(early.end == .releaseUnknown(afterMs: 5000, unknown: 10, sinceMs: 50))
    let late = rules.settlement(
      of: try claimed(unknown: 9, unknownSince: 50), completion, stop: .none, nowMs: 600_050, using: &random)
    #expect(late.end.outcome == .dead)
  }

  @Test("a raw element with a later start is sent there")
  mutating func early() throws {
    #expect(try end(.early(.afterMs(700))) == .release(afterMs: 700))
    #expect(try end(.early(.atMs(1_000_900))) == .release(afterMs: 900))
    #expect(try end(.early(.atMs(5))) == .release(afterMs: 0))
  }

  @Test("each end has its outcome")
  func outcomes() {
    #expect(Settlement.End.success([]).outcome == .succeeded)
    #expect(Settlement.End.retry(afterMs: 1, error: "").outcome == .failed)
    #expect(Settlement.End.dead(.poison, error: "").outcome == .dead)
    #expect(Settlement.End.release(afterMs: 0).outcome == .released)
    #expect(Settlement.End.releaseUnknown(afterMs: 0, unknown: 1, sinceMs: 0).outcome == .released)
    #expect(Settlement.End.cancelled.outcome == .cancelled)
  }
}
