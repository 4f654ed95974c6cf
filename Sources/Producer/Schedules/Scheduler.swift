import Jobs
import Service
import Transport

/// Looks for schedules that are due, in each producer: whoever comes first makes the run, and the others find it made.
@EventLoop
final class Scheduler {
  private static let page = 64
  /// Runs of one schedule in a row, so that one that catches up does not keep the others waiting.
  private static let mostRuns = 64
  private static let sweepEvery = Duration.seconds(60)

  private let schedules: ScheduleStore
  private let runner: ScheduleRunner
  private let log: Logger
  private let limiter = LogLimiter(interval: .seconds(60))
  private let lag: Gauge
  private var swept: ContinuousClock.Instant?

  init(_ schedules: ScheduleStore, runner: ScheduleRunner, metrics: MetricsRegistry, log: Logger) {
    self.schedules = schedules
    self.runner = runner
    self.log = log
    lag = metrics.gauge(
      "schedule_lag_seconds", help: "How long the schedule that is due longest has been due; 0 when none is.")
  }

  /// Makes the runs that are due until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      var wait = Duration.seconds(1)
      do throws(JobError) {
        try await sweep()
        wait = try await pass()
      } catch {
        log.log(.debug, limitedBy: limiter, key: error.code, "schedules were not looked at", [.error(error)])
      }
      do { try await EventLoop.sleep(for: wait) } catch { return }
    }
  }

  /// Makes the runs that are due now.
  ///
  /// - Returns: how long to wait before the next pass: until the next run, at most a second, as somebody may define one.
  func pass() async throws(JobError) -> Duration {
    var stuck = 0
    var worst: Int64 = 0
    while true {
      let due = try await schedules.due(skipping: stuck, limit: Self.page)
      for name in due.names where !Task.isCancelled {
        if let late = try await makeRuns(of: name, nowMs: due.nowMs) {
          stuck += 1
          worst = max(worst, late)
        }
      }
      guard due.names.count == Self.page, !Task.isCancelled else {
        lag.set(Double(worst) / 1000)
        return .milliseconds(min(max(due.waitMs ?? 1000, 5), 1000))
      }
    }
  }

  /// How late a schedule is that stays due; nil for one that does not.
  private func makeRuns(of name: ScheduleName, nowMs: Int64) async throws(JobError) -> Int64? {
    for _ in 0..<Self.mostRuns {
      switch try await runner.advance(name, nowMs: nowMs) {
      case .ran: continue
      case .idle: return nil
      case .stuck(let cause):
        log.log(
          .warning, limitedBy: limiter, key: name.text, "a schedule cannot run, trying again",
          [.string("schedule", name.text), .string("cause", cause)])
        return max(0, nowMs - (try await schedules.read(name)?.nextMs ?? nowMs))
      }
    }
    // It still catches up; the next pass goes on.
    return 0
  }

  private func sweep() async throws(JobError) {
    if let swept, ContinuousClock.now - swept < Self.sweepEvery { return }
    let mended = try await schedules.sweep()
    swept = .now
    if mended > 0 { log.info("mended the order of schedules", [.int("schedules", mended)]) }
  }
}
