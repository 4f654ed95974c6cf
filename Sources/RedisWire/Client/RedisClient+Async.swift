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

  /// Sends commands in one write and waits for all of their answers, which come in the order of the commands.
  ///
  /// - Parameter timeout: of each, as for `send`.
  /// - Throws: the first failure in that order; every command has ended by then.
  public func execute(
    all commands: [RedisCommand], timeout: Duration? = nil
  ) async throws(RedisError) -> [RESPValue] {
    if commands.isEmpty { return [] }
    let results = await withCheckedContinuation { continuation in
      let answers = PipelineAnswers(count: commands.count, continuation)
      for (index, command) in commands.enumerated() {
        send(command, timeout: timeout) { answers.take($0, at: index) }
      }
    }
    var values: [RESPValue] = []
    values.reserveCapacity(results.count)
    for result in results { values.append(try result.get()) }
    return values
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

/// Gathers the answers of commands that went out together, and resumes their caller with the last one.
@EventLoop
private final class PipelineAnswers {
  typealias Results = [Result<RESPValue, RedisError>]

  private var results: Results
  private var missing: Int
  private let continuation: CheckedContinuation<Results, Never>

  init(count: Int, _ continuation: CheckedContinuation<Results, Never>) {
    results = Results(repeating: .failure(.closed(sent: false)), count: count)
    missing = count
    self.continuation = continuation
  }

  func take(_ result: Result<RESPValue, RedisError>, at index: Int) {
    results[index] = result
    missing -= 1
    if missing == 0 { continuation.resume(returning: results) }
  }
}
