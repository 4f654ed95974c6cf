import Jobs
import RedisWire
import Transport

/// Waits for work on a connection of its own while the worker is idle.
///
/// A ring only says that it is worth asking; the claim takes the job. What never rings, a raw LPUSH or a ring that was
/// lost, is found by the fallback poll when the wait is over.
@EventLoop
final class RingListener {
  /// The fallback poll, in milliseconds.
  private static let longestWaitMs: Int64 = 1000

  private let client: RedisClient
  private let queues: [QueueKeys]
  private let command: RedisCommand
  /// Called with the queue that rang, nil when the wait is over.
  private let onRing: @EventLoop (Int?) -> Void
  private let onFailure: @EventLoop (RedisError) -> Void
  private var isWaiting = false

  init(
    client: RedisClient, queues: [QueueKeys], onRing: @escaping @EventLoop (Int?) -> Void,
    onFailure: @escaping @EventLoop (RedisError) -> Void
  ) {
    self.client = client
    self.queues = queues
    self.onRing = onRing
    self.onFailure = onFailure
    command = Doorbell.wait(on: queues, timeoutMs: Self.longestWaitMs)
  }

  /// Waits for the next ring, unless a wait is under way already.
  func wait() {
    guard !isWaiting else { return }
    isWaiting = true
    client.send(command, timeout: .milliseconds(Self.longestWaitMs) + .seconds(5)) { result in
      switch result {
      case .success(let reply):
        self.isWaiting = false
        let rung = Doorbell.rung(reply, of: self.queues)
        self.onRing(rung.flatMap { self.queues.firstIndex(of: $0) })
      case .failure(let error):
        self.onFailure(error)
        // Without the bell the poll goes on at its own pace.
        EventLoop.after(.milliseconds(Self.longestWaitMs)) {
          self.isWaiting = false
          self.onRing(nil)
        }
      }
    }
  }
}
