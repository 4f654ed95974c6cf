import Foundation

/// One event that one thread awaits and another fires.
final class Signal: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func fire() { semaphore.signal() }
  func wait() { semaphore.wait() }
}
