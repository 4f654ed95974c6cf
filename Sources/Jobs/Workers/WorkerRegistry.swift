public import RedisWire
public import Transport

/// The workers that are alive, in Redis: `wc:workers` by their last beat, `wc:worker:<id>` with what each one says.
@EventLoop
public final class WorkerRegistry {
  /// A worker whose hash has ended is lost; it is forgotten after this time.
  private static let forgetAfterMs: Int64 = 600_000
  /// The hash outlives this many missed beats.
  private static let hashSeconds = 20
  /// More workers than this are not looked at in one census.
  private static let mostWorkers = 1000

  private let client: RedisClient
  private let keys: Keys

  /// A registry under the prefix of `keys`.
  public init(client: RedisClient, keys: Keys) {
    self.client = client
    self.keys = keys
  }

  /// Writes a beat.
  ///
  /// - Redis: TIME, HSET, EXPIRE, ZADD; each touches one key.
  public func announce(_ note: WorkerNote) async throws(JobError) {
    let now = try await redisMs()
    var hash = RedisCommand("HSET", keys.worker(note.id))
    for field in note.fields {
      hash.append(field.name)
      hash.append(field.value)
    }
    hash.append("beat_ms" as StaticString)
    hash.append(now)
    let end = RedisCommand("EXPIRE", keys.worker(note.id), String(Self.hashSeconds))
    _ = try await execute([hash, end, RedisCommand("ZADD", keys.workers, String(now), note.id)])
  }

  /// Takes a worker out that ends in order.
  ///
  /// - Redis: ZREM, DEL.
  public func leave(_ id: String) async throws(JobError) {
    _ = try await execute([RedisCommand("ZREM", keys.workers, id), RedisCommand("DEL", keys.worker(id))])
  }

  /// Counts the workers, and forgets those that have been lost for ten minutes.
  ///
  /// - Redis: TIME, ZREMRANGEBYSCORE, ZRANGE, HMGET a worker.
  public func census() async throws(JobError) -> WorkerCensus {
    let oldest = try await redisMs() - Self.forgetAfterMs
    let forget = RedisCommand("ZREMRANGEBYSCORE", keys.workers, "-inf", String(oldest))
    let list = RedisCommand("ZRANGE", keys.workers, "0", String(Self.mostWorkers - 1))
    let ids = (try await execute([forget, list])[1].elements ?? []).compactMap(\.string)
    let hashes = try await execute(ids.map { RedisCommand("HMGET", keys.worker($0), "state", "queues") })
    var workers: [(state: WorkerState, queues: [QueueName])] = []
    for hash in hashes {
      let fields = (hash.elements ?? []).map(\.string)
      let state = fields.first.flatMap { $0 }.flatMap(WorkerState.init(rawValue:)) ?? .lost
      let names = (fields.last.flatMap { $0 } ?? "").split(separator: ",")
      workers.append((state, names.compactMap { QueueName(String($0)) }))
    }
    return WorkerCensus(workers)
  }

  private func redisMs() async throws(JobError) -> Int64 {
    let reply = try await execute([RedisCommand("TIME")])[0]
    let parts = (reply.elements ?? []).compactMap(\.string).compactMap(Int64.init)
    guard parts.count == 2, (0..<1 << 40).contains(parts[0]) else {
      throw .unexpectedReply(script: "TIME", detail: "no seconds and microseconds")
    }
    return parts[0] * 1000 + parts[1] / 1000
  }

  private func execute(_ commands: [RedisCommand]) async throws(JobError) -> [RESPValue] {
    do { return try await client.execute(all: commands) } catch { throw JobError(error) }
  }
}
