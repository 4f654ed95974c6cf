import Jobs
import Service
import Transport

/// Runs operations on many dead letters: jobs of the queue `operations`, with leases, progress and cancellation like all
/// others, claimed by producers, as a queue that is paused or without workers may be the one to be mended.
@EventLoop
final class DeadTaskRunner {
  private static let queue = QueueName.operations
  private static let fallback = Duration.seconds(2)
  /// Progress is written this often at most.
  private static let progressEvery = Duration.milliseconds(250)

  private let store: JobStore
  private let scan: DeadScan
  private let actions: DeadActions
  private let worker: String
  private let log: Logger
  private let limiter = LogLimiter(interval: .seconds(10))
  private let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation

  /// - Parameter worker: unique to the start of a process.
  init(store: JobStore, scan: DeadScan, actions: DeadActions, worker: String, log: Logger) {
    self.store = store
    self.scan = scan
    self.actions = actions
    self.worker = worker
    self.log = log
    (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// An operation was put in: somebody looks at once.
  func wake() { ring.yield() }

  /// Runs operations until the task is cancelled.
  func run() async {
    let poll = EventLoop.spawn { [ring] in
      while !Task.isCancelled {
        ring.yield()
        do { try await EventLoop.sleep(for: Self.fallback) } catch { return }
      }
    }
    for await _ in bell {
      do throws(JobError) {
        while !Task.isCancelled {
          let reply = try await store.claim(1, from: Self.queue, worker: worker)
          guard let job = reply.jobs.first else { break }
          await perform(job, Pulse(store: store, job: job, worker: worker, leaseMs: reply.leaseMs))
        }
      } catch {
        log.log(.debug, limitedBy: limiter, key: error.code, "no operation was claimed", [.error(error)])
      }
      if Task.isCancelled { break }
    }
    poll.cancel()
  }

  private func perform(_ job: ClaimedJob, _ pulse: Pulse) async {
    let end: Settlement.End
    if let task = DeadTask(job.record) {
      end = await carryOut(task, job, pulse)
    } else {
      end = .dead(.undecodable, error: "this queue is for operations on dead letters; submit jobs to another one")
    }
    await settle(job, end)
  }

  /// Why an operation does not go on.
  private enum Stop: Error {
    case cancelled, leaseLost, ending
    case failed(JobError)
  }

  private func carryOut(_ task: DeadTask, _ job: ClaimedJob, _ pulse: Pulse) async -> Settlement.End {
    do throws(Stop) {
      return .success(try await tally(task, job, pulse).bytes(task.operation))
    } catch {
      switch error {
      case .cancelled: return .cancelled
      case .ending: return .release(afterMs: 0)
      // Whatever is sent is refused; the job is somebody else's.
      case .leaseLost: return .release(afterMs: 0)
      case .failed(let error): return .retry(afterMs: 1000, error: "\(error.code): \(error)")
      }
    }
  }

  private func tally(_ task: DeadTask, _ job: ClaimedJob, _ pulse: Pulse) async throws(Stop) -> DeadTally {
    var tally = DeadTally(after: job.record.progress, of: task.operation)
    var ids: [JobID] = []
    do throws(JobError) {
      try await scan.each(task.filter, beat: { () async throws(JobError) in try await pulse.beat() }) { record in
        ids.append(record.id)
        return pulse.stop == nil
      }
      tally.matched += ids.count
      var reported = MonotonicClock.nowNanoseconds()
      for start in stride(from: 0, to: ids.count, by: JobLimits.batchJobs) {
        try await pulse.beat()
        if pulse.stop != nil || Task.isCancelled { break }
        let batch = Array(ids[start..<min(start + JobLimits.batchJobs, ids.count)])
        tally.add(try await actions.perform(task.operation, on: batch))
        if MonotonicClock.elapsed(since: reported) >= Self.progressEvery {
          reported = MonotonicClock.nowNanoseconds()
          let note = ProgressScript.Note(lease: job.lease, progress: tally.bytes(task.operation))
          _ = try await store.progress([note], on: Self.queue, worker: worker)
        }
      }
    } catch {
      // A producer that ends cancels its calls; that is no failure of the operation.
      throw Task.isCancelled ? .ending : .failed(error)
    }
    switch pulse.stop {
    case .cancelled?: throw .cancelled
    case .lost?: throw .leaseLost
    case nil: if Task.isCancelled { throw .ending }
    }
    return tally
  }

  /// Settles; when Redis is away until the lease ends, the operation runs again, which finds less to do.
  private func settle(_ job: ClaimedJob, _ end: Settlement.End) async {
    let settlement = Settlement(id: job.id, token: job.token, end: end)
    let store = store
    let worker = worker
    // Also while the producer ends: a task of its own is not cancelled.
    await EventLoop.spawn {
      for attempt in 1...5 {
        do throws(JobError) {
          _ = try await store.settle([settlement], on: Self.queue, worker: worker)
          return
        } catch {
          self.log.log(
            .warning, limitedBy: self.limiter, key: "settle", "an operation was not settled",
            [.string("jobId", job.id.text), .error(error)])
          do { try await EventLoop.sleep(for: .milliseconds(100 * attempt)) } catch { return }
        }
      }
    }.value
  }
}

/// Keeps the lease of one job while steps are made, and hears what becomes of it.
@EventLoop
private final class Pulse {
  enum Stop { case cancelled, lost }

  private let store: JobStore
  private let job: ClaimedJob
  private let worker: String
  private var leaseMs: Int64
  private var extended = MonotonicClock.nowNanoseconds()
  private(set) var stop: Stop?

  init(store: JobStore, job: ClaimedJob, worker: String, leaseMs: Int64) {
    self.store = store
    self.job = job
    self.worker = worker
    self.leaseMs = leaseMs
  }

  /// Renews the lease when a tenth of it has passed; a cancellation is heard as soon.
  func beat() async throws(JobError) {
    guard stop == nil, MonotonicClock.elapsed(since: extended) >= .milliseconds(leaseMs / 10) else { return }
    extended = MonotonicClock.nowNanoseconds()
    let reply = try await store.extend([job.lease], on: job.id.queue, worker: worker)
    leaseMs = reply.leaseMs
    if !reply.lost.isEmpty { stop = .lost }
    if !reply.cancelRequested.isEmpty { stop = .cancelled }
  }
}
