import Jobs
import RedisWire
import Service
import Transport

/// Counts of clients in Redis, so that all producers agree. Nothing waits long for them, and without them nobody is refused.
@EventLoop
final class SharedCounts {
  /// What the count of a call says.
  struct Quota: Sendable, Equatable {
    let isAllowed: Bool
    let left: Int
    /// To the end of the window.
    let resetMs: Int64
  }

  /// What the count of a guess says.
  struct Block: Sendable, Equatable {
    /// How long the address stays blocked; 0 for not.
    let remainingMs: Int64
    let isNew: Bool
  }

  /// How long a call waits for its count.
  private static let patience = Duration.milliseconds(250)
  private nonisolated static let rateLimit = RedisScript(embedded: "rate_limit")
  private nonisolated static let authFailure = RedisScript(embedded: "auth_failure")

  private let client: RedisClient
  private let keys: Keys
  private let timing: StoreTiming
  private let log: Logger
  private let limiter = LogLimiter(interval: .seconds(10))

  nonisolated init(_ store: JobStore, timing: StoreTiming, log: Logger) {
    client = store.client
    keys = store.keys
    self.timing = timing
    self.log = log
  }

  /// Counts a call; nil when Redis does not tell.
  func count(callOf client: String, _ rate: Rate) async -> Quota? {
    var command = RedisCommand(Self.rateLimit, keys: [keys.callRate(client)])
    command.append(rate.count)
    command.append(rate.period.wholeMilliseconds)
    guard let reply = await run(command)?.elements, reply.count == 3, let allowed = reply[0].int,
      let left = reply[1].int.flatMap({ Int(exactly: $0) }), let reset = reply[2].int
    else { return nil }
    return Quota(isAllowed: allowed == 1, left: left, resetMs: reset)
  }

  /// Counts a guess; nil when Redis does not tell.
  func count(guessFrom address: String, _ rate: Rate, blocking time: Duration) async -> Block? {
    var command = RedisCommand(Self.authFailure, keys: [keys.guesses(address)])
    command.append(rate.count)
    command.append(rate.period.wholeMilliseconds)
    command.append(time.wholeMilliseconds)
    guard let reply = await run(command)?.elements, reply.count == 2, let remaining = reply[0].int,
      let isNew = reply[1].int
    else { return nil }
    return Block(remainingMs: remaining, isNew: isNew == 1)
  }

  /// A client that ends its side of the connection cancels the task of its request; its call is counted all the same,
  /// which is why this does not wait as tasks do.
  private func run(_ command: RedisCommand) async -> RESPValue? {
    guard client.isConnected else { return note("redis is not connected") }
    let began = MonotonicClock.nowNanoseconds()
    let result = await withCheckedContinuation { continuation in
      client.send(command, timeout: Self.patience) { continuation.resume(returning: $0) }
    }
    timing.note(.limit, since: began)
    switch result {
    case .success(let reply): return reply
    case .failure(let error): return note("\(error.code)")
    }
  }

  private func note(_ cause: String) -> RESPValue? {
    log.log(
      .warning, limitedBy: limiter, key: "counts", "limits are not in force, calls are let pass",
      [.string("cause", cause)])
    return nil
  }
}
