import Foundation
import Jobs
import Memories
import Proofs
import RedisWire
import Sealing
import Synchronization
import TestSupport
import Testing

/// A connection of its own for a store, blocking and one command at a time.
final class BlockingLink: MemoryRedis {
  private let client: Mutex<BlockingRedisClient>

  init(_ server: RedisServer) throws {
    client = Mutex(try BlockingRedisClient(try RedisURL(server.url)))
  }

  func execute(_ command: RedisCommand) async throws(RedisError) -> RESPValue {
    try client.withLock { client throws(RedisError) in try client.execute(command) }
  }
}

/// Runs something before each call of one script: another process that comes between.
final class InterferingLink: MemoryRedis {
  private let link: BlockingLink
  private let script: String
  private let interfere: @Sendable (_ call: Int) async throws -> Void
  private let calls = Atomic(0)

  init(_ link: BlockingLink, before script: String, _ interfere: @escaping @Sendable (_ call: Int) async throws -> Void)
  {
    self.link = link
    self.script = script
    self.interfere = interfere
  }

  var count: Int { calls.load(ordering: .relaxed) }

  func execute(_ command: RedisCommand) async throws(RedisError) -> RESPValue {
    if command.script?.name == script {
      let call = calls.add(1, ordering: .relaxed).oldValue
      do {
        try await interfere(call)
      } catch {
        throw .unsupported("the interference failed: \(error)")
      }
    }
    return try await link.execute(command)
  }
}

/// A redis-server with a store on it.
struct MemoryBed {
  let server: RedisServer
  let store: MemoryStore

  static let master = SecretBytes(copying: (0..<32).map { UInt8($0 * 7 % 251) })

  init(_ options: RedisServer.Options = RedisServer.Options()) throws {
    server = try RedisServer(options)
    store = try Self.store(on: server)
  }

  static func store(
    on server: RedisServer, key: SecretBytes = master, previous: [SecretBytes] = [], rootsMs: Int64 = 86_400_000
  ) throws -> MemoryStore {
    MemoryStore(
      redis: try BlockingLink(server), keys: .standard,
      ring: try MemoryKeyRing(encryptionKey: key, previous: previous), recentRootsMs: rootsMs)
  }

  func another(key: SecretBytes = master, previous: [SecretBytes] = []) throws -> MemoryStore {
    try Self.store(on: server, key: key, previous: previous)
  }

  /// All keys of Redis that hold `part`, in order.
  func keys(_ part: String = "") throws -> [String] {
    let reply = try server.command("KEYS", "*\(part)*")
    return reply.elements.compactMap(\.text).sorted()
  }

  /// The one key of Redis that holds `part`.
  func key(_ part: String) throws -> String {
    let keys = try keys(part)
    try #require(keys.count == 1, "keys with \(part): \(keys)")
    return keys[0]
  }

  func field(_ key: String, _ field: String) throws -> [UInt8]? {
    if case .bulk(let bytes) = try server.command("HGET", key, field) { return bytes }
    return nil
  }

  func setField(_ key: String, _ field: String, _ value: [UInt8]) throws {
    try server.command(bytes: [Array("HSET".utf8), Array(key.utf8), Array(field.utf8), value])
  }
}

/// Job ids that differ: the number at the end of a ULID.
func job(_ number: Int) throws -> JobID {
  let digits = String(number, radix: 10)
  return try #require(JobID("memory.01ARZ3NDEK" + String(repeating: "0", count: 16 - digits.count) + digits))
}

/// The error of `body`; nil when it threw none, or one of another type.
func failure<R>(_ body: () async throws -> R) async -> MemoryError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? MemoryError
  }
}
