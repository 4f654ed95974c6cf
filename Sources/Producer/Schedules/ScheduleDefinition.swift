import Jobs
import Transport

/// A schedule on its way into Redis, over what is there.
@EventLoop
struct ScheduleDefinition: Sendable {
  /// What became of one try.
  enum Outcome: Sendable {
    case written(Schedule, isNew: Bool)
    /// A run or another definition came first.
    case overtaken
    /// There is no job to keep.
    case jobMissing
    /// As many schedules are kept as may be.
    case tooMany
  }

  /// Runs of the definition of before that are made at most.
  private static let mostRuns = 64

  let asked: ScheduleRequest
  let name: ScheduleName
  let zone: TimeZoneFile
  let revision: String
  let runner: ScheduleRunner

  /// Tries once. What is due by the definition of before is run by it first.
  func write(to schedules: ScheduleStore) async throws(JobError) -> Outcome {
    let now = try await schedules.store.nowMs()
    if try await schedules.version(name).revision.isEmpty {
      if try await schedules.count() >= ScheduleStore.most { return .tooMany }
    } else {
      for _ in 0..<Self.mostRuns {
        guard try await runner.advance(name, nowMs: now) == .ran else { break }
      }
    }
    let version = try await schedules.version(name)
    let before = try await schedules.read(name)
    if let before, before.version != version { return .overtaken }
    guard let template = asked.template ?? before?.template else { return .jobMissing }
    let schedule = schedule(template, over: before, now)
    guard try await schedules.put(schedule, name, over: version) else { return .overtaken }
    return .written(schedule, isNew: version.revision.isEmpty)
  }

  /// The schedule as it will be. One whose times stay the same keeps its next run.
  private func schedule(_ template: Schedule.Template, over before: Schedule?, _ now: Int64) -> Schedule {
    var schedule = Schedule(
      timing: asked.timing, zone: asked.zone, overlap: asked.overlap, catchesUp: asked.catchesUp,
      isPaused: asked.isPaused, template: template, revision: revision, createdMs: before?.createdMs ?? now,
      updatedMs: now, nextMs: nil)
    if !asked.isPaused {
      let keeps = before.map { $0.timing == asked.timing && $0.zone == asked.zone && !$0.isPaused } ?? false
      schedule.nextMs = keeps ? before?.nextMs : asked.timing.next(after: now, in: zone)
    }
    schedule.last = before?.last
    schedule.enqueued = before?.enqueued ?? 0
    schedule.skipped = before?.skipped ?? 0
    return schedule
  }
}
