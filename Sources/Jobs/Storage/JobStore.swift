public import RedisWire

/// The jobs in Redis: every operation of producers, workers and operators, in the program's own types.
///
/// A value without state of its own but its client; its methods run where they are called. Operations that are harmless to
/// do twice are sent once more when their answer was lost.
public struct JobStore: Sendable {
  /// The connection.
  public let client: RedisClient
  /// The keys.
  public let keys: Keys
  /// How long ended jobs are kept.
  public let retention: Retention
  /// Most jobs that may wait in a queue, 0 for no limit; a queue's own setting wins.
  public let maxDepth: Int64
  /// How long a lease lasts, in milliseconds; a queue's own setting wins.
  public let leaseMs: Int64

  let scripts: Scripts
  private let registry = QueueRegistry()

  /// Creates a store over a client that is started by its owner.
  public init(
    _ client: RedisClient, keys: Keys = .standard, retention: Retention = Retention(), maxDepth: Int64 = 10_000_000,
    leaseMs: Int64 = 15_000
  ) {
    self.init(
      client, keys: keys, retention: retention, maxDepth: maxDepth, leaseMs: leaseMs, scripts: .embedded)
  }

  init(
    _ client: RedisClient, keys: Keys, retention: Retention, maxDepth: Int64, leaseMs: Int64, scripts: Scripts
  ) {
    self.client = client
    self.keys = keys
    self.retention = retention
    self.maxDepth = maxDepth
    self.leaseMs = leaseMs
    self.scripts = scripts
  }

  /// Runs one script on a queue.
  ///
  /// - Parameters:
  ///   - repeats: whether it is sent once more when its answer was lost.
  ///   - repeated: set when it was.
  func run<S: JobScript>(
    _ script: S.Type, _ request: S.Request, on queue: QueueName, repeats: Bool, repeated: inout Bool
  ) async throws(JobError) -> S.Reply {
    let command = S.command(request, on: keys.queue(queue), scripts: scripts)
    return try S.decode(try await execute(command, repeats: repeats, repeated: &repeated), of: request)
  }

  /// Runs one script on a queue.
  func run<S: JobScript>(
    _ script: S.Type, _ request: S.Request, on queue: QueueName, repeats: Bool = false
  ) async throws(JobError) -> S.Reply {
    var repeated = false
    return try await run(script, request, on: queue, repeats: repeats, repeated: &repeated)
  }

  /// Runs one command.
  func execute(_ command: RedisCommand, repeats: Bool = true) async throws(JobError) -> RESPValue {
    var repeated = false
    return try await execute(command, repeats: repeats, repeated: &repeated)
  }

  /// Runs commands that only read, in one round trip.
  func execute(all commands: [RedisCommand]) async throws(JobError) -> [RESPValue] {
    do throws(RedisError) { return try await client.execute(all: commands) } catch { throw JobError(error) }
  }

  private func execute(
    _ command: RedisCommand, repeats: Bool, repeated: inout Bool
  ) async throws(JobError) -> RESPValue {
    do {
      return try await client.execute(command)
    } catch {
      guard repeats, Self.isAnswerLost(error) else { throw JobError(error) }
    }
    repeated = true
    do {
      return try await client.execute(command)
    } catch {
      throw JobError(error)
    }
  }

  /// Enters a queue into the set of queues, unless this process did so lately.
  ///
  /// - Redis: `SADD`, a command of its own, as the set lies in another slot than the queue.
  public func register(_ queue: QueueName) async throws(JobError) {
    guard registry.mustEnter(queue) else { return }
    _ = try await execute(RedisCommand("SADD", keys.queues, queue.text))
    registry.note(queue)
  }

  /// The queues that have ever had a job, in order; names that are none are passed over.
  public func queues() async throws(JobError) -> [QueueName] {
    let reply = try await execute(RedisCommand("SMEMBERS", keys.queues))
    guard let members = reply.elements else {
      throw .unexpectedReply(script: "SMEMBERS", detail: "no array of queues")
    }
    return members.compactMap { $0.string.flatMap { QueueName($0) } }.sorted()
  }

  /// Whether the command may have been carried out although no answer came.
  private static func isAnswerLost(_ error: RedisError) -> Bool {
    switch error {
    case .closed(sent: true): true
    default: false
    }
  }
}
