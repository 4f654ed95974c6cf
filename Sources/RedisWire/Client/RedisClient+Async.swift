import Transport

extension RedisClient {
  /// Sends a command and waits for its answer; an error of the server is thrown.
  ///
  /// - Parameter timeout: as for `send`.
  /// - Throws: `cancelled` when the task is cancelled meanwhile; the command's neighbours notice nothing of that.
  public func execute(_ command: RedisCommand, timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
    if Task.isCancelled { throw .cancelled(sent: false) }
    let pending = PendingCommand(command, deadline: deadline(timeout), waiter: .nobody)
    let result = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        pending.wait(continuation)
        submit(pending)
      }
    } onCancel: {
      EventLoop.post { self.cancel(pending) }
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
