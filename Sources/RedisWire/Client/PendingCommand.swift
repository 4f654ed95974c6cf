import Transport

/// A command on its way, and who waits for the answer. The first end counts; any later one is dropped.
@EventLoop
final class PendingCommand {
  /// Who is told.
  enum Waiter {
    case nobody
    case callback(@EventLoop (Result<RESPValue, RedisError>) -> Void)
    // Without the runtime's check that it is resumed once, which costs more than the rest of the wait: `finish` is the
    // one place that resumes, and the waiter is gone before it does.
    case task(UnsafeContinuation<Result<RESPValue, RedisError>, Never>)
  }

  /// The command, while it has not gone out or may have to go out again.
  var command: RedisCommand?
  /// The monotonic nanosecond at which the wait ends; `.max` is never.
  let deadline: Int64
  var isSent = false
  /// Whether the script has been loaded for this command, which happens once.
  var wasReloaded = false
  /// Whether nobody waits any more.
  private(set) var isOver = false
  private var waiter: Waiter

  init(_ command: RedisCommand, deadline: Int64, waiter: Waiter) {
    self.command = command
    self.deadline = deadline
    self.waiter = waiter
  }

  /// Names the task that waits, before the command is handed to a client.
  func wait(_ continuation: UnsafeContinuation<Result<RESPValue, RedisError>, Never>) {
    waiter = .task(continuation)
  }

  func finish(_ result: Result<RESPValue, RedisError>) {
    guard !isOver else { return }
    isOver = true
    command = nil
    let waiter = self.waiter
    self.waiter = .nobody
    switch waiter {
    case .nobody: break
    case .callback(let done): done(result)
    case .task(let continuation): continuation.resume(returning: result)
    }
  }
}
