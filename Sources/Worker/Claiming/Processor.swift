import Jobs
import RedisWire
import Transport

/// Claims jobs for free slots, starts them, and settles what ends: carries out what `WorkCycle` decides.
@EventLoop
final class Processor {
  /// What the processor needs to know of its surroundings.
  struct Settings: Sendable {
    /// Unique to this start of the process: with the delivery's number it is the token of a lease.
    var worker: String
    /// How long an attempt may take, in milliseconds, of a job that does not say.
    var timeoutMs: Int64 = 300_000
    var rules = SettlementRules()
  }

  /// How long a handler may take to notice that it must stop, in milliseconds, before its job is settled without it.
  private static let stopGraceMs: Int64 = 1000
  /// What falls due later is found by a later claim.
  private static let longestAlarmMs: Int64 = 60_000

  let settings: Settings
  private let store: JobStore
  private let pool: SlotPool
  private let runner: JobRunner
  private let telemetry: WorkerTelemetry
  private var cycle: WorkCycle
  private var running: [Lease: RunningJob] = [:]
  private var random = SystemRandomNumberGenerator()
  private var alarms: [Int: LoopTimer] = [:]
  private var queueMaxAttempts: [Int: Int] = [:]
  private var leasesMs: [Int: Int64] = [:]
  /// Failures of a queue's calls, one after the other.
  private var failures: [Int: Int] = [:]
  private var isHandingBack = false

  /// The shortest lease that a queue handed out or renewed last, in milliseconds.
  private(set) var shortestLeaseMs: Int64
  /// Called when `shortestLeaseMs` has become shorter, before the jobs of a claim start.
  var onShorterLease: (@EventLoop () -> Void)?

  /// Called whenever the state may have changed: the doorbell and the shutdown look at `isIdle`, `isDone`, `isSettled`.
  var onChange: (@EventLoop () -> Void)?

  init(
    settings: Settings, order: QueueOrder, store: JobStore, pool: SlotPool, runner: JobRunner,
    telemetry: WorkerTelemetry
  ) {
    self.settings = settings
    self.store = store
    self.pool = pool
    self.runner = runner
    self.telemetry = telemetry
    shortestLeaseMs = store.leaseMs
    cycle = WorkCycle(order: order, slots: pool.slots)
  }

  var queues: [QueueName] { cycle.order.queues }
  var mode: WorkCycle.Mode { cycle.mode }
  var busySlots: Int { cycle.running }
  var isIdle: Bool { cycle.isIdle }
  var isDone: Bool { cycle.isDone }
  var isSettled: Bool { cycle.isSettled }

  // MARK: What happens outside

  /// The doorbell rang for a queue, or the fallback poll is up for all of them.
  func jobsMayWait(in queue: Int?) {
    for index in cycle.order.entries.indices where queue == nil || queue == index { cycle.jobsMayWait(in: index) }
    pump()
  }

  /// Claims nothing any more; what runs goes on.
  func quiet() {
    cycle.quiet()
    pump()
  }

  /// Claims nothing any more; `isDone` when what runs has ended and is settled.
  func drain() {
    cycle.drain()
    pump()
  }

  /// Gives every running job back at the head of the line, uncharged, and what a claim under way still brings;
  /// `isSettled` when Redis has it.
  func releaseAll() {
    cycle.drain()
    isHandingBack = true
    // So that the line is as it was: a call keeps its order and stands before the calls of before, so the latest claims
    // go first, call by call.
    let jobs = running.values.sorted { ($0.claimedAtMs, $0.claimed.id) < ($1.claimedAtMs, $1.claimed.id) }
    for end in stride(from: jobs.count, to: 0, by: -JobLimits.fusedJobs) {
      for job in jobs[max(0, end - JobLimits.fusedJobs)..<end] {
        job.stop(.shutdown)
        abandon(job)
      }
    }
    pump()
  }

  // MARK: Leases

  /// The leases to extend in a queue.
  func leases(in queue: Int) -> [Lease] {
    running.values.filter { $0.queue == queue && $0.holdsLease }.map(\.lease)
  }

  /// The lease is another worker's now: the handler's result would be refused, so it may as well stop.
  func leaseLost(_ lease: Lease) {
    guard let job = running[lease], job.holdsLease else { return }
    job.isLost = true
    telemetry.leaseLost(job.claimed)
    job.stop(.leaseLost)
  }

  /// Somebody asked for the job's cancellation.
  func cancelRequested(_ lease: Lease) { running[lease]?.stop(.cancelled) }

  // MARK: Turns

  private func pump() {
    for turn in cycle.nextTurns(using: &random) {
      EventLoop.spawn { await self.perform(turn) }
    }
    onChange?()
  }

  private func perform(_ turn: WorkCycle.Turn) async {
    let queue = queues[turn.queue]
    do throws(JobError) {
      let claimed = try await answer(turn, on: queue)
      failures[turn.queue] = nil
      learn(claimed, queue: turn.queue)
      cycle.turnEnded(turn, claimed: claimed.jobs.count, mayHaveMore: claimed.mayHaveMore)
      telemetry.claimed(claimed.jobs, in: queue, nowMs: claimed.nowMs)
      for job in claimed.jobs { start(job, queue: turn.queue, nowMs: claimed.nowMs) }
      if let due = claimed.nextDueMs { alarm(turn.queue, afterMs: due - claimed.nowMs) }
    } catch {
      cycle.turnFailed(turn, mayHaveArrived: error.mayHaveArrived)
      rest(turn.queue, error)
    }
    pump()
  }

  private func answer(_ turn: WorkCycle.Turn, on queue: QueueName) async throws(JobError) -> Claimed {
    let worker = settings.worker
    if turn.settlements.isEmpty && !turn.isReclaim {
      return Claimed(try await store.claim(turn.limit, from: queue, worker: worker))
    }
    if turn.limit > 0 {
      let reply = try await store.settleAndClaim(turn.settlements, claiming: turn.limit, on: queue, worker: worker)
      telemetry.settled(turn.settlements, reply.codes)
      return Claimed(reply.claim)
    }
    if !turn.settlements.isEmpty {
      telemetry.settled(turn.settlements, try await store.settle(turn.settlements, on: queue, worker: worker))
    }
    var found: [ClaimedJob] = []
    if turn.isReclaim {
      let known = leases(in: turn.queue).map(\.id) + cycle.unsettled(in: turn.queue)
      found = try await store.reclaim(on: queue, worker: worker, known: known)
    }
    return Claimed(found: found)
  }

  /// The queue's own settings, which come with each claim.
  private func learn(_ claimed: Claimed, queue: Int) {
    guard let leaseMs = claimed.leaseMs else { return }
    queueMaxAttempts[queue] = claimed.maxAttempts
    leasesLast(leaseMs, in: queue)
  }

  /// A claim or an extension told how long leases of a queue last.
  func leasesLast(_ leaseMs: Int64, in queue: Int) {
    leasesMs[queue] = leaseMs
    let shortest = leasesMs.values.min() ?? store.leaseMs
    let isShorter = shortest < shortestLeaseMs
    shortestLeaseMs = shortest
    // A longer one waits for the next beat, which renews what was leased for less.
    if isShorter { onShorterLease?() }
  }

  /// Asks again when the next scheduled or retrying job falls due; the fallback poll would be up to a second late.
  private func alarm(_ queue: Int, afterMs: Int64) {
    guard afterMs < Self.longestAlarmMs else { return }
    let alarm = alarms[queue] ?? LoopTimer { [weak self] in self?.jobsMayWait(in: queue) }
    alarms[queue] = alarm
    alarm.schedule(after: .milliseconds(max(1, afterMs)))
  }

  /// Redis is away or refuses: the queue rests a little longer each time, up to two seconds, with jitter. Other queues go
  /// on, as one with a key of the wrong type would stall them all.
  private func rest(_ queue: Int, _ error: JobError) {
    telemetry.storeFailed(error)
    let count = min(failures[queue, default: 0] + 1, 6)
    failures[queue] = count
    EventLoop.after(.milliseconds(Int.random(in: 20...(32 << count), using: &random))) {
      self.cycle.rested(queue)
      self.pump()
    }
  }

  // MARK: Jobs

  private func start(_ claimed: ClaimedJob, queue: Int, nowMs: Int64) {
    let lease = claimed.lease
    if isHandingBack { return giveBack(claimed, queue: queue, afterMs: 0) }
    if let before = running[lease] {
      // Redis has forgotten a delivery, by a failover or by hand, and gives its token out again. The run that has the
      // token goes on; if it has none to settle with any more, the job comes back under another token.
      if before.holdsLease { cycle.jobEnded(in: queue, nil) } else { giveBack(claimed, queue: queue, afterMs: 1000) }
      return
    }
    // An earlier delivery may still hold a slot here. Extend answers by id alone, and must not ask for both.
    if claimed.token > 1 {
      for job in running.values where job.claimed.id == claimed.id { leaseLost(job.lease) }
    }
    let context = JobContext { progress in EventLoop.post { self.report(progress, of: lease) } }
    let job = RunningJob(
      claimed, queue: queue, context: context, claimedAtMs: nowMs, queueMaxAttempts: queueMaxAttempts[queue])
    running[lease] = job
    limit(job, ms: claimed.record.options.timeoutMs ?? settings.timeoutMs)
    job.task = Task(executorPreference: pool) { [runner] in
      let completion = await runner.run(claimed, context) { ms in
        EventLoop.post { self.running[lease].map { self.limit($0, ms: ms) } }
      }
      EventLoop.post { self.ended(lease, completion) }
    }
  }

  /// Settles a claim without a run.
  private func giveBack(_ claimed: ClaimedJob, queue: Int, afterMs: Int64) {
    cycle.jobEnded(in: queue, Settlement(id: claimed.id, token: claimed.token, end: .release(afterMs: afterMs)))
  }

  private func limit(_ job: RunningJob, ms: Int64) {
    job.limit(ms: ms) {
      job.stop(.timeout)
      // The stop ends most handlers at once; this is for one that does not look.
      job.limit(ms: Self.stopGraceMs) {
        self.abandon(job)
        self.pump()
      }
    }
  }

  private func ended(_ lease: Lease, _ completion: Completion) {
    guard let job = running.removeValue(forKey: lease) else { return }
    job.finish()
    var settlement: Settlement?
    if job.holdsLease {
      let decided = settings.rules.settlement(
        of: job.claimed, completion, stop: job.context.stopReason, nowMs: job.claimedAtMs,
        queueMaxAttempts: job.queueMaxAttempts, using: &random)
      telemetry.ended(job, completion, decided.end)
      settlement = decided
    }
    cycle.jobEnded(in: job.queue, settlement)
    pump()
  }

  /// Settles a job whose handler goes on all the same; what it says later is not heard.
  private func abandon(_ job: RunningJob) {
    guard job.holdsLease else { return }
    job.isAbandoned = true
    job.finish()
    let completion = Completion(end: .failed(.stopped), options: job.claimed.record.options)
    let settlement = settings.rules.settlement(
      of: job.claimed, completion, stop: job.context.stopReason, nowMs: job.claimedAtMs,
      queueMaxAttempts: job.queueMaxAttempts, using: &random)
    telemetry.ended(job, completion, settlement.end)
    cycle.jobAbandoned(in: job.queue, settlement)
  }

  private func report(_ progress: [UInt8], of lease: Lease) {
    guard let job = running[lease], job.holdsLease else { return }
    job.pace(progress) { progress in
      let note = ProgressScript.Note(lease: lease, progress: progress)
      let queue = self.queues[job.queue]
      EventLoop.spawn {
        do throws(JobError) {
          _ = try await self.store.progress([note], on: queue, worker: self.settings.worker)
        } catch {
          self.telemetry.progressFailed(error)
        }
      }
    }
  }
}

/// What a turn brought.
private struct Claimed {
  var jobs: [ClaimedJob]
  var nowMs: Int64
  var mayHaveMore = false
  var nextDueMs: Int64?
  /// Nil when nothing was claimed by script.
  var leaseMs: Int64?
  var maxAttempts: Int?

  init(_ reply: ClaimScript.Reply) {
    jobs = reply.jobs
    nowMs = reply.nowMs
    mayHaveMore = reply.mayHaveMore
    nextDueMs = reply.nextDueMs
    leaseMs = reply.leaseMs
    maxAttempts = reply.maxAttempts
  }

  /// Jobs that a lost reply had brought; they were claimed when they started.
  init(found: [ClaimedJob]) {
    jobs = found
    nowMs = found.compactMap(\.record.startedMs).max() ?? 0
  }
}

extension JobError {
  /// Whether the call may have been carried out although its answer is missing or unreadable.
  fileprivate var mayHaveArrived: Bool {
    switch self {
    case .storeUnavailable(let cause): cause.wasSent
    case .unexpectedReply: true
    default: false
    }
  }
}
