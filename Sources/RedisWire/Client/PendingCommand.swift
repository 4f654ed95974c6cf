import Transport

/// A command on its way, and who waits for the answer. The first end counts; any later one is dropped.
@EventLoop
final class PendingCommand {
  /// The command, while it has not gone out or may have to go out again.
  var command: RedisCommand?
  /// The monotonic nanosecond at which the wait ends; `.max` is never.
  let deadline: Int64
  var isSent = false
  /// Whether the script has been loaded for this command, which happens once.
  var wasReloaded = false
  private var done: (@EventLoop (Result<RESPValue, RedisError>) -> Void)?

  init(
    _ command: RedisCommand, deadline: Int64, done: @escaping @EventLoop (Result<RESPValue, RedisError>) -> Void
  ) {
    self.command = command
    self.deadline = deadline
    self.done = done
  }

  /// Whether nobody waits any more.
  var isOver: Bool { done == nil }

  func finish(_ result: Result<RESPValue, RedisError>) {
    guard let done else { return }
    self.done = nil
    command = nil
    done(result)
  }
}
