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

  /// The field that asks a worker to be quiet.
  private static let quietField = "quiet"

  private let client: RedisClient
  private let keys: Keys

  /// A registry under the prefix of `keys`.
  public init(client: RedisClient, keys: Keys) {
    self.client = client
    self.keys = keys
  }

  /// Writes a beat; true when somebody has asked the worker to be quiet.
  ///
  /// - Redis: TIME, HSET, EXPIRE, ZADD, HEXISTS; each touches one key.
  @discardableResult
  public func announce(_ note: WorkerNote) async throws(JobError) -> Bool {
    let now = try await redisMs()
    var hash = RedisCommand("HSET", keys.worker(note.id))
    for field in note.fields {
      hash.append(field.name)
      hash.append(field.value)
    }
    hash.append("beat_ms" as StaticString)
    hash.append(now)
    let end = RedisCommand("EXPIRE", keys.worker(note.id), String(Self.hashSeconds))
    let enter = RedisCommand("ZADD", keys.workers, String(now), note.id)
    let replies = try await execute([hash, end, enter, RedisCommand("HEXISTS", keys.worker(note.id), Self.quietField)])
    return replies[3].int == 1
  }

  /// Asks a worker to claim nothing more and finish what runs; it learns so with its next beat.
  ///
  /// - Returns: false when no such worker is alive.
  /// - Redis: HEXISTS, HSET, EXPIRE.
  public func askForQuiet(_ id: String) async throws(JobError) -> Bool {
    guard try await execute([RedisCommand("HEXISTS", keys.worker(id), "beat_ms")])[0].int == 1 else { return false }
    // The hash may have ended just now; a new one must end too.
    _ = try await execute([
      RedisCommand("HSET", keys.worker(id), Self.quietField, "1"),
      RedisCommand("EXPIRE", keys.worker(id), String(Self.hashSeconds)),
    ])
    return true
  }

  /// The workers with what they said last, by their ids; of lost ones the id alone is known.
  ///
  /// - Redis: ZRANGE, HGETALL a worker.
  public func list() async throws(JobError) -> [WorkerSighting] {
    let reply = try await execute([
      RedisCommand("ZRANGE", keys.workers, "0", String(Self.mostWorkers - 1), "WITHSCORES")
    ])[0]
    // RESP2 answers a flat list, RESP3 pairs.
    var flat: [RESPValue] = []
    for element in reply.elements ?? [] { flat += element.elements ?? [element] }
    var sightings: [WorkerSighting] = []
    for index in stride(from: 0, to: flat.count - 1, by: 2) {
      guard let id = flat[index].string, let beat = flat[index + 1].double ?? flat[index + 1].int.map(Double.init)
      else { continue }
      sightings.append(WorkerSighting(id: id, beatMs: Int64(beat)))
    }
    let hashes = try await execute(sightings.map { RedisCommand("HGETALL", keys.worker($0.id)) })
    for (index, hash) in hashes.enumerated() { sightings[index].read(hash.pairs) }
    return sightings.sorted { $0.id < $1.id }
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
