internal import Synchronization

/// Which queues this process has entered into the set of queues lately.
///
/// Lately only: Redis may have lost the set since, with a restart that forgot it.
final class QueueRegistry: Sendable {
  private let entered = Mutex<[QueueName: ContinuousClock.Instant]>([:])
  private let validity: Duration

  init(validity: Duration = .seconds(30)) { self.validity = validity }

  /// Whether the queue must be entered (again) before it is used.
  func mustEnter(_ queue: QueueName, now: ContinuousClock.Instant = .now) -> Bool {
    entered.withLock { entered in
      guard let instant = entered[queue] else { return true }
      return now - instant >= validity
    }
  }

  /// Notes that the queue was entered.
  func note(_ queue: QueueName, now: ContinuousClock.Instant = .now) {
    entered.withLock { $0[queue] = now }
  }
}
