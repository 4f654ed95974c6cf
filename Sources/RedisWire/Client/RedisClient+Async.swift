import Transport

extension RedisClient {
  /// Sends a command and waits for its answer; an error of the server is thrown.
  ///
  /// - Parameter timeout: as for `send`.
  /// - Throws: `cancelled` when the task is cancelled meanwhile; the command's neighbours notice nothing of that.
  public func execute(_ command: RedisCommand, timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
    if Task.isCancelled { throw .cancelled(sent: false) }
    let wait = ExecuteWait(client: self)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Result<RESPValue, RedisError>, Never>) in
        wait.begin(command, timeout: timeout, continuation)
      }
    } onCancel: {
      EventLoop.post { wait.cancel() }
    }
    return try result.get()
  }

  /// Runs a script, which is loaded where the server lacks it.
  ///
  /// - Redis: `EVALSHA`; `SCRIPT LOAD` and a repetition after `NOSCRIPT`.
  public func evaluate(
    _ script: RedisScript, keys: [String], arguments: [[UInt8]] = [], timeout: Duration? = nil
  ) async throws(RedisError) -> RESPValue {
    var command = RedisCommand(script, keys: keys)
    for argument in arguments {
      command.append(argument)
    }
    return try await execute(command, timeout: timeout)
  }
}

/// Joins a task that waits with the command that it waits for.
@EventLoop
private final class ExecuteWait {
  private let client: RedisClient
  private var pending: PendingCommand?

  init(client: RedisClient) {
    self.client = client
  }

  func begin(
    _ command: RedisCommand, timeout: Duration?,
    _ continuation: CheckedContinuation<Result<RESPValue, RedisError>, Never>
  ) {
    let pending = client.makePending(command, timeout: timeout) { continuation.resume(returning: $0) }
    self.pending = pending
    client.submit(pending)
  }

  func cancel() {
    if let pending { client.cancel(pending) }
  }
}
