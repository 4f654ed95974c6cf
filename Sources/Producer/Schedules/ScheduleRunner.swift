import HTTPWire
import Jobs
import Service
import Transport

/// Makes the runs of schedules: each job goes in once, whichever producers try.
///
/// First the job, then the note in the schedule: a producer that ends in between leaves a run that the next one finds to
/// be in already, by the job's id and idempotency key.
@EventLoop
final class ScheduleRunner {
  /// What became of a schedule that was due.
  enum Progress: Sendable, Equatable {
    /// A run was made, or was found made; another may be due.
    case ran
    /// Nothing is due any more.
    case idle
    /// The run is to be tried again later.
    case stuck(String)
  }

  private let store: JobStore
  private let schedules: ScheduleStore
  private let zones: ZoneLibrary
  private let templates: ScheduleTemplate
  private let maker: JobMaker
  private let enqueued: MetricFamily<Counter>
  private let runs: MetricFamily<Counter>

  init(
    store: JobStore, zones: ZoneLibrary, templates: ScheduleTemplate, maker: JobMaker, jobMetrics: JobMetrics,
    metrics: MetricsRegistry
  ) {
    self.store = store
    schedules = ScheduleStore(store)
    self.zones = zones
    self.templates = templates
    self.maker = maker
    enqueued = jobMetrics.enqueued
    runs = metrics.counter(
      "schedule_runs_total", help: "Runs of schedules that this producer made, by outcome.",
      labels: [.open("schedule"), .closed("outcome", Schedule.Outcome.allCases.map(\.rawValue))])
  }

  /// Makes one run of a schedule, if one is due.
  func advance(_ name: ScheduleName, nowMs: Int64) async throws(JobError) -> Progress {
    guard let schedule = try await schedules.read(name) else {
      try await schedules.index(name)
      // What is still there cannot be read: written by hand, or by another version.
      return try await schedules.version(name).revision.isEmpty ? .idle : .stuck("its definition cannot be read")
    }
    let zone: TimeZoneFile
    do throws(ZoneFolder.Unknown) {
      zone = try await zones.zone(schedule.zone)
    } catch {
      return try await fail(schedule, name, tickMs: schedule.nextMs ?? nowMs, "tz: \(error)")
    }
    guard let due = schedule.due(atMs: nowMs, in: zone) else {
      try await schedules.index(name)
      return .idle
    }
    var run = Schedule.Run(tickMs: due.tickMs, outcome: .enqueued)
    do {
      let id = try JobID(run: due.tickMs, of: name, queue: schedule.template.queue)
      switch try await enqueue(schedule, name, id: id, tickMs: due.tickMs) {
      case .created, .replayed: run.job = id
      case .conflict(let other): run.job = other
      case .duplicate(let other):
        run.outcome = .skipped
        run.job = other
      case .full: throw JobError.queueFull(schedule.template.queue)
      }
    } catch {
      return try await fail(schedule, name, tickMs: due.tickMs, Self.text(error))
    }
    if try await schedules.note(run, of: name, at: schedule.version, next: .some(due.next)) {
      runs[name.text, run.outcome.rawValue].increment()
    }
    return .ran
  }

  /// Puts a job of the schedule in now, whatever its time.
  ///
  /// - Throws: a `JobError`, a `Problem`, or a `JobRequestError` when this version cannot read the job.
  func enqueue(
    _ schedule: Schedule, _ name: ScheduleName, id: JobID? = nil, tickMs: Int64? = nil
  ) async throws -> EnqueueScript.Outcome {
    let (job, outcome) = try await put(schedule, name, id: id, tickMs: tickMs)
    if outcome == .created { enqueued[job.id.queue.text, job.kind.text].increment() }
    return outcome
  }

  /// A run by hand: the job that went in.
  func runNow(_ schedule: Schedule, _ name: ScheduleName) async throws -> NewJob {
    let (job, outcome) = try await put(schedule, name, id: nil, tickMs: nil)
    switch outcome {
    case .created, .replayed: break
    case .conflict(let other), .duplicate(let other): throw Problem.duplicate(of: other)
    case .full: throw JobError.queueFull(job.id.queue)
    }
    enqueued[job.id.queue.text, job.kind.text].increment()
    return job
  }

  private func put(
    _ schedule: Schedule, _ name: ScheduleName, id: JobID?, tickMs: Int64?
  ) async throws -> (NewJob, EnqueueScript.Outcome) {
    let request = try templates.request(schedule.template)
    var job = try maker.make(
      request, id: id, fingerprint: nil, key: nil, body: [], owner: schedule.template.owner, trace: nil)
    job.bind(to: name, overlap: schedule.overlap, tickMs: tickMs)
    guard let outcome = try await store.enqueue([job]).first?.get() else { throw JobError.queueFull(job.id.queue) }
    return (job, outcome)
  }

  /// Notes why a run could not be made; the schedule stays due.
  private func fail(
    _ schedule: Schedule, _ name: ScheduleName, tickMs: Int64, _ cause: String
  ) async throws(JobError) -> Progress {
    let run = Schedule.Run(tickMs: tickMs, outcome: .failed, detail: cause)
    if schedule.last != run { _ = try await schedules.note(run, of: name, at: schedule.version, next: nil) }
    runs[name.text, run.outcome.rawValue].increment()
    return .stuck(cause)
  }

  /// What went wrong, without anything from inside the payload.
  private static func text(_ error: any Error) -> String {
    switch error {
    case let error as JobError: "\(error.code): \(error)"
    case let error as JobRequestError: "\(error.code): \(error)"
    case let error as Problem: error.slug
    default: "internal"
    }
  }
}
