import Jobs
import Transport

/// A job on a slot, as the loop sees it.
@EventLoop
final class RunningJob {
  private static let progressInterval = Duration.milliseconds(200)

  let claimed: ClaimedJob
  let queue: Int
  let context: JobContext
  /// When the claim was made, by Redis' clock.
  let claimedAtMs: Int64
  /// Attempts of a job that does not say, when its queue's settings do.
  let queueMaxAttempts: Int?
  /// When it was handed to its slot, in loop nanoseconds.
  let startedAt: Int64
  /// Settled already, because the handler did not stop when asked to.
  var isAbandoned = false
  /// The lease is another delivery's now: whatever is settled under this one would be refused.
  var isLost = false
  /// The handler's task; cancelling it ends waits inside the handler.
  var task: Task<Void, Never>?
  private var timer: LoopTimer?
  private var pace: LoopTimer?
  private var latestProgress: [UInt8] = []

  init(
    _ claimed: ClaimedJob, queue: Int, context: JobContext, claimedAtMs: Int64, queueMaxAttempts: Int?
  ) {
    self.claimed = claimed
    self.queue = queue
    self.context = context
    self.claimedAtMs = claimedAtMs
    self.queueMaxAttempts = queueMaxAttempts
    startedAt = EventLoop.now
  }

  var lease: Lease { claimed.lease }

  /// Whether the job is still this run's to settle.
  var holdsLease: Bool { !isAbandoned && !isLost }

  /// Limits the attempt to `ms` from now; `onTimeout` runs when they are over.
  func limit(ms: Int64, onTimeout: @escaping @EventLoop () -> Void) {
    timer?.cancel()
    timer = EventLoop.after(.milliseconds(ms), onTimeout)
  }

  /// Asks the handler to stop.
  func stop(_ reason: JobContext.StopReason) {
    context.stop(reason)
    task?.cancel()
  }

  /// Keeps the latest report and hands it on soon: Redis is written to five times a second at most, and not at all for
  /// a job that ends before.
  func pace(_ progress: [UInt8], send: @escaping @EventLoop ([UInt8]) -> Void) {
    latestProgress = progress
    guard pace == nil else { return }
    pace = EventLoop.after(Self.progressInterval) {
      self.pace = nil
      send(self.latestProgress)
    }
  }

  /// Ends the time limit; reports that have not been handed on are not any more.
  func finish() {
    timer?.cancel()
    timer = nil
    pace?.cancel()
    pace = nil
  }
}
