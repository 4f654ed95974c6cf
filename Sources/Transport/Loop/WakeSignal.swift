/// Lets tasks on the loop wait for something to change, without ever missing a change.
///
/// Note `generation`, look at the state, then `wait(after:)`: a change in between ends the wait at once. A wait may also
/// end without a change; look again.
@EventLoop
public final class WakeSignal {
  /// How often something has changed.
  public private(set) var generation = 0
  private var waiters: [CheckedContinuation<Void, Never>] = []

  /// A signal that nothing has raised yet.
  public nonisolated init() {}

  /// Something has changed: all look again.
  public func raise() {
    generation &+= 1
    if waiters.isEmpty { return }
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }

  /// Waits until something has changed since `seen`, or the task is cancelled.
  public func wait(after seen: Int) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if generation != seen || Task.isCancelled { return continuation.resume() }
        waiters.append(continuation)
      }
    } onCancel: {
      EventLoop.post { self.raise() }
    }
  }
}
