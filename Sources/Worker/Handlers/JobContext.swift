import Jobs
import Synchronization

/// What a running job knows of the world around it, and how it learns that it must stop. Shared by loop and slot.
final class JobContext: Sendable {
  /// Why a job must stop before its end.
  enum StopReason: UInt8, AtomicRepresentable, Sendable {
    case none
    /// Somebody asked for it.
    case cancelled
    /// The attempt ran over its time.
    case timeout
    /// The lease is lost: another worker has the job, a result would be refused.
    case leaseLost
    /// The worker is shutting down; the job goes back uncharged.
    case shutdown
  }

  private let reason = Atomic<StopReason>(.none)
  private let onProgress: @Sendable ([UInt8]) -> Void

  /// - Parameter onProgress: takes progress reports, from any thread.
  init(onProgress: @escaping @Sendable ([UInt8]) -> Void = { _ in }) { self.onProgress = onProgress }

  /// Why the job must stop; `none` while it may go on.
  var stopReason: StopReason { reason.load(ordering: .acquiring) }

  /// Whether the job must stop. One atomic read: cheap enough for inner loops.
  var shouldStop: Bool { stopReason != .none }

  /// Ends the handler's work with `stopped` when it must stop.
  func checkStop() throws(JobFailure) {
    if shouldStop { throw .stopped }
  }

  /// Asks the job to stop; the first reason stays.
  func stop(_ why: StopReason) {
    _ = reason.compareExchange(expected: .none, desired: why, ordering: .acquiringAndReleasing)
  }

  /// Publishes how far the job is, a JSON text. Best effort: it is not kept when Redis is full or away.
  func report(progress: [UInt8]) { onProgress(progress) }
}
