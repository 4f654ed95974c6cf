public import Jobs
public import RedisWire
internal import Sealing
internal import Synchronization

/// The private memories of users, in Redis.
///
/// Every operation may be repeated with the same job: it then changes nothing and answers the same. Its writes are one
/// script, which refuses when the user's tree changed since it was read; the operation then starts over.
/// Calls of any number may run at once, on any threads.
public final class MemoryStore: Sendable {
  let redis: any MemoryRedis
  let keys: MemoryKeys
  let ring: MemoryKeyRing
  let recentRootsMs: Int64
  private let cache = Mutex<CachedNames?>(nil)

  /// The key of the names as it was last seen; whether it still is the one is asked for each operation.
  private struct CachedNames {
    let wrapped: [UInt8]
    let names: NamesKey
    let isCurrent: Bool
  }

  /// Creates a store; nothing is sent.
  ///
  /// - Parameters:
  ///   - redis: where commands go.
  ///   - keys: the keys of the jobs, whose prefix memories share.
  ///   - ring: ENCRYPTION_KEY and its predecessors.
  ///   - recentRootsMs: how long a root is remembered after another took its place (`RECENT_ROOTS_TTL`).
  public init(redis: any MemoryRedis, keys: Keys, ring: MemoryKeyRing, recentRootsMs: Int64 = 86_400_000) {
    self.redis = redis
    self.keys = MemoryKeys(keys)
    self.ring = ring
    self.recentRootsMs = max(1, recentRootsMs)
  }

  /// Creates a store on a client of the event loop; the rest as above.
  public convenience init(
    client: RedisClient, keys: Keys, ring: MemoryKeyRing, recentRootsMs: Int64 = 86_400_000
  ) {
    self.init(redis: ClientLink(client: client), keys: keys, ring: ring, recentRootsMs: recentRootsMs)
  }

  /// Carries out a job's request and gives its result as JSON.
  ///
  /// - Parameter job: the job; a repetition is known by it.
  /// - Throws: as the operation does.
  public func run(_ request: MemoryRequest, job: JobID) async throws(MemoryError) -> [UInt8] {
    switch request {
    case .store(let request): try await store(request, job: job).json
    case .recall(let request): try await recall(request).json
    case .verify(let request): try await verify(request).json
    case .forget(let request): try await forget(request, job: job).json
    }
  }

  func execute(_ command: RedisCommand) async throws(MemoryError) -> RESPValue {
    do throws(RedisError) {
      return try await redis.execute(command)
    } catch {
      throw MemoryError(error)
    }
  }

  /// Sends a script that writes; false when it found something changed and wrote nothing.
  func commit(_ command: RedisCommand) async throws(MemoryError) -> Bool {
    let reply = try await execute(command)
    guard let done = reply.int, done == 0 || done == 1 else {
      throw .unexpectedReply(script: command.script?.name ?? "", detail: "neither 0 nor 1")
    }
    return done == 1
  }

  /// Reads one memory; `withPath` asks for the neighbours of its leaf.
  func view(_ place: MemoryPlace, withPath: Bool) async throws(MemoryError) -> MemoryView {
    let keys = place.keys
    var command = RedisCommand(
      MemoryScripts.read, keys: [keys.key, keys.tree, keys.ids, keys.forgotten, place.memory])
    command.append(place.record)
    command.append((withPath ? "1" : "0") as StaticString)
    return try MemoryView(try await execute(command))
  }

  /// Tries until an attempt gives a result, with a pause that grows and differs; an attempt gives nil when another
  /// operation came between.
  ///
  /// - Throws: `busy`, `cancelled`.
  func repeated<Success>(
    _ attempt: () async throws(MemoryError) -> Success?
  ) async throws(MemoryError) -> Success {
    var longest = 2
    for _ in 0..<MemoryLimits.attempts {
      if let success = try await attempt() { return success }
      do {
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...longest)))
      } catch {
        throw .cancelled
      }
      longest = min(longest * 2, 128)
    }
    throw .busy(attempts: MemoryLimits.attempts)
  }

  /// The key of the names, or nil when there is none yet.
  ///
  /// - Throws: `unreadable` when it does not open under any ENCRYPTION_KEY.
  func names() async throws(MemoryError) -> NamesKey? {
    guard let wrapped = try await storedNames() else { return nil }
    return try open(wrapped).names
  }

  /// The key of the names for a write: made when there is none, wrapped anew when it lies under a previous key.
  func namesForWriting() async throws(MemoryError) -> NamesKey {
    let seen = try await storedNames()
    let fresh: SecretBytes
    if let seen {
      let opened = try open(seen)
      if opened.isCurrent { return opened.names }
      fresh = opened.names.key
    } else {
      fresh = try MemoryKeyRing.random()
    }
    var command = RedisCommand(MemoryScripts.names, keys: [keys.names])
    command.append(seen ?? [])
    command.append(try ring.wrap(fresh, NamesKey.binding))
    // Another process may have been faster; what is there now counts.
    guard let there = try await execute(command).bytes else {
      throw .unexpectedReply(script: MemoryScripts.names.name, detail: "no key")
    }
    return try open(there).names
  }

  private func storedNames() async throws(MemoryError) -> [UInt8]? {
    try await execute(RedisCommand("HGET", keys.names, "wrapped")).bytes
  }

  private func open(_ wrapped: [UInt8]) throws(MemoryError) -> CachedNames {
    if let cached = cache.withLock({ $0 }), cached.wrapped == wrapped { return cached }
    let opened = try ring.open(wrapped, NamesKey.binding, part: NamesKey.part)
    let names = CachedNames(wrapped: wrapped, names: NamesKey(key: opened.key), isCurrent: opened.isCurrent)
    cache.withLock { $0 = names }
    return names
  }
}
