/// Where a job is in its life; the same word in Swift, Redis, JSON, metrics and user interface.
///
/// A requeue by hand opens a new life: `dead` and `cancelled` may then be followed by `ready`.
public enum JobState: String, Sendable, Hashable, CaseIterable {
  /// Waits for its time. Next: `ready` (promoted or requeued), `cancelled`.
  case scheduled
  /// Waits in the line. Next: `running` (claimed), `cancelled`.
  case ready
  /// Leased to a worker. Next: `succeeded`, `dead`, `cancelled`, `retrying` (failed), `ready` (lease lost or released),
  /// `scheduled` (released with a delay).
  case running
  /// Failed and waits for its next attempt. Next: `ready`, `cancelled`.
  case retrying
  /// Ended with a result. Final.
  case succeeded
  /// Ended without one; `DeathReason` says why. Next: `ready` (requeued by hand).
  case dead
  /// Ended because somebody asked for it. Next: `ready` (requeued by hand).
  case cancelled

  /// Whether the job has ended.
  public var isTerminal: Bool {
    switch self {
    case .succeeded, .dead, .cancelled: true
    case .scheduled, .ready, .running, .retrying: false
    }
  }

  /// The state that these bytes spell.
  public init?(bytes: [UInt8]) { self.init(rawValue: String(decoding: bytes, as: UTF8.self)) }
}
