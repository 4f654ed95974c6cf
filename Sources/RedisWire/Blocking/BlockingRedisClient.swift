/// A client that waits for each answer on the calling thread: for tools, tests and load generators.
///
/// It has a socket of its own and no part in the event loop; use it from one thread at a time, and never on the loop.
/// After a failure other than an error of the server the next call connects anew.
public final class BlockingRedisClient {
  private let url: RedisURL
  private let timeout: Duration
  private let limits: RESPLimits
  private var line: BlockingLine?

  /// Connects and logs in.
  ///
  /// - Parameters:
  ///   - timeout: how long connecting, and each call that names no time of its own, may take.
  /// - Throws: `connect`, `server` when the login is refused, `unsupported` for `rediss://`.
  /// - Redis: `AUTH`, `SELECT`.
  public init(
    _ url: RedisURL, timeout: Duration = .seconds(5), limits: RESPLimits = .default
  ) throws(RedisError) {
    self.url = url
    self.timeout = timeout
    self.limits = limits
    line = try BlockingLine(url, timeout: timeout, limits: limits)
  }

  /// Sends a command and waits for its answer; an error of the server is thrown.
  ///
  /// - Parameter timeout: for this call; give a command that waits in Redis (`BLPOP`) more than it waits there.
  public func execute(_ command: RedisCommand, timeout: Duration? = nil) throws(RedisError) -> RESPValue {
    guard let reply = try pipeline([command], timeout: timeout).first else { throw .closed(sent: true) }
    if let error = reply.error { throw RedisError(error) }
    return reply
  }

  /// Runs a script, which is loaded where the server lacks it.
  public func evaluate(
    _ script: RedisScript, keys: [String], arguments: [[UInt8]] = [], timeout: Duration? = nil
  ) throws(RedisError) -> RESPValue {
    var command = RedisCommand(script, keys: keys)
    for argument in arguments {
      command.append(argument)
    }
    return try execute(command, timeout: timeout)
  }

  /// Sends all commands in one go and waits for all answers, in the order of the commands.
  ///
  /// An error of the server is the answer of its command and stops none of the others. The call of a script that the
  /// server lacks is repeated after the others.
  public func pipeline(_ commands: [RedisCommand], timeout: Duration? = nil) throws(RedisError) -> [RESPValue] {
    let deadline = ContinuousClock.now.advanced(by: timeout ?? self.timeout)
    do throws(RedisError) {
      if line == nil { line = try BlockingLine(url, timeout: self.timeout, limits: limits) }
      guard let line else { throw .closed(sent: false) }
      let calls = commands.indices.filter { commands[$0].script != nil }
      for index in calls {
        if let script = commands[index].script, script.sha1 == nil { try load(script, on: line, deadline: deadline) }
      }
      var replies = try line.exchange(commands, deadline: deadline)
      for index in calls {
        guard let script = commands[index].script, replies[index].error?.hasCode("NOSCRIPT") == true else { continue }
        try load(script, on: line, deadline: deadline)
        replies[index] = try line.exchange([commands[index]], deadline: deadline)[0]
      }
      return replies
    } catch {
      // Answers that come late would be taken for those of the next call.
      line = nil
      throw error
    }
  }

  /// Closes the connection; the next call opens another one.
  public func close() {
    line = nil
  }

  private func load(
    _ script: RedisScript, on line: BlockingLine, deadline: ContinuousClock.Instant
  ) throws(RedisError) {
    let reply = try line.exchange([script.loading], deadline: deadline)[0]
    if let error = reply.error { throw RedisError(error) }
    script.learn(sha1: reply.string ?? "")
  }
}
