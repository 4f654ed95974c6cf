/// The work that keeps queues moving while nobody asks: expired leases, due jobs, trimming. Every producer and worker does
/// it, so that a fleet of any size, also one without workers, has somebody who does.
public struct Maintenance: Sendable {
  /// How it goes about it.
  public struct Policy: Sendable, Hashable {
    /// Time between two passes, in milliseconds; each wait is drawn from 75 to 125 % of it.
    public var intervalMs: Int64 = 1000
    /// The lost lease with which a job is dead.
    public var deadlyLosses = 3
    /// How many calls one pass makes on a queue while more is left.
    public var callsPerPass = 32
    /// How full the memory of Redis may be before results go early, 1 at `maxmemory`.
    public var pressure = 0.9
    /// How many results of a queue stay however full it is: somebody may still be about to read them.
    public var resultsKept: Int64 = 1000

    /// The policy of the design.
    public init() {}
  }

  /// What a pass has to tell.
  public enum Event: Sendable, Equatable {
    /// What was done on a queue; told only when something was.
    case done(QueueName, ReapScript.Reply)
    /// A queue could not be served; the next pass tries again.
    case failed(QueueName?, JobError)
    /// Results went early, because Redis' memory is this full.
    case pressure(QueueName, fill: Double, trimmed: Int)
  }

  private let store: JobStore
  private let policy: Policy

  /// Creates the work over a store.
  public init(_ store: JobStore, policy: Policy = Policy()) {
    self.store = store
    self.policy = policy
  }

  /// Passes over the queues until the task is cancelled.
  ///
  /// - Parameters:
  ///   - queues: asked at each pass.
  ///   - sleep: waits; the event loop's own sleep keeps the task on the loop.
  ///   - report: told what happened, for counters and logs.
  public func run(
    queues: () async -> [QueueName], sleep: (Duration) async throws -> Void, report: (Event) -> Void
  ) async {
    while !Task.isCancelled {
      await pass(over: await queues(), report: report)
      let wait = Int64.random(in: policy.intervalMs * 3 / 4...policy.intervalMs * 5 / 4)
      do { try await sleep(.milliseconds(wait)) } catch { return }
    }
  }

  /// One pass over the queues.
  public func pass(over queues: [QueueName], report: (Event) -> Void) async {
    let fill = await memoryFill(report)
    for queue in queues {
      if Task.isCancelled { return }
      do throws(JobError) {
        let done = try await drain(queue, store.retention)
        if done != ReapScript.Reply() { report(.done(queue, done)) }
        if let fill, fill > policy.pressure { try await relieve(queue, fill, report) }
      } catch {
        report(.failed(queue, error))
      }
    }
  }

  /// Calls reap until nothing is left, or the calls of a pass are spent.
  private func drain(_ queue: QueueName, _ retention: Retention) async throws(JobError) -> ReapScript.Reply {
    var sum = ReapScript.Reply()
    for _ in 0..<max(1, policy.callsPerPass) {
      let reply = try await store.reap(queue, deadlyLosses: policy.deadlyLosses, retention: retention)
      sum.add(reply)
      if !reply.mayHaveMore { break }
    }
    return sum
  }

  /// A finished job is larger than a waiting one, so a full Redis that drains stays full: a quarter of the results goes,
  /// the oldest first.
  private func relieve(_ queue: QueueName, _ fill: Double, _ report: (Event) -> Void) async throws(JobError) {
    var retention = store.retention
    let rest = max(policy.resultsKept, try await store.stats(queue).done * 3 / 4)
    retention.doneMax = min(retention.doneMax, rest)
    let reply = try await drain(queue, retention)
    if reply.trimmed > 0 { report(.pressure(queue, fill: fill, trimmed: reply.trimmed)) }
  }

  private func memoryFill(_ report: (Event) -> Void) async -> Double? {
    do throws(JobError) {
      return try await store.serverInfo(section: "memory").memoryFill
    } catch {
      report(.failed(nil, error))
      return nil
    }
  }
}

extension ReapScript.Reply {
  /// Adds what another call did.
  mutating func add(_ other: Self) {
    recovered += other.recovered
    poisoned += other.poisoned
    cancelled += other.cancelled
    missing += other.missing
    promoted += other.promoted
    trimmed += other.trimmed
    mayHaveMore = other.mayHaveMore
  }
}
