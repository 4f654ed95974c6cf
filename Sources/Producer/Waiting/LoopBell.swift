import Transport

/// Wakes one task on the loop when something has changed, without ever missing a change.
///
/// Note `rings`, look at the state, then `wait(after:)`: a ring in between ends the wait at once. A wait may also end
/// without a change; look again.
@EventLoop
final class LoopBell {
  /// How often something has changed.
  private(set) var rings = 0
  private var sleeper: CheckedContinuation<Void, Never>?

  nonisolated init() {}

  /// Something has changed.
  func ring() {
    rings &+= 1
    sleeper?.resume()
    sleeper = nil
  }

  /// Waits until something has changed since `seen`, or the task is cancelled. One task at a time.
  func wait(after seen: Int) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if rings != seen || Task.isCancelled { return continuation.resume() }
        sleeper?.resume()
        sleeper = continuation
      }
    } onCancel: {
      EventLoop.post { self.ring() }
    }
  }
}
