import RedisWire
import TestSupport

@testable import Jobs

/// Calls the scripts of one queue on a blocking connection, in the program's own types.
final class ScriptClient {
  /// Held, as the server ends with its last owner.
  let server: RedisServer
  let redis: BlockingRedisClient
  let keys: QueueKeys
  let scripts: Scripts

  init(_ server: RedisServer, queue: QueueName = .proof, scripts: Scripts = .embedded) throws {
    self.server = server
    redis = try BlockingRedisClient(RedisURL(server.url), timeout: .seconds(20))
    keys = Keys.standard.queue(queue)
    self.scripts = scripts
  }

  func run<S: JobScript>(_ script: S.Type, _ request: S.Request) throws -> S.Reply {
    try S.decode(try redis.execute(S.command(request, on: keys, scripts: scripts)), of: request)
  }

  @discardableResult
  func command(_ name: StaticString, _ arguments: String...) throws -> RESPValue {
    var command = RedisCommand(name)
    for argument in arguments { command.append(argument) }
    return try redis.execute(command)
  }

  func text(_ name: StaticString, _ arguments: String...) throws -> String? {
    var command = RedisCommand(name)
    for argument in arguments { command.append(argument) }
    return try redis.execute(command).string
  }

  func int(_ name: StaticString, _ arguments: String...) throws -> Int64? {
    var command = RedisCommand(name)
    for argument in arguments { command.append(argument) }
    return try redis.execute(command).int
  }

  func strings(_ name: StaticString, _ arguments: String...) throws -> [String] {
    var command = RedisCommand(name)
    for argument in arguments { command.append(argument) }
    return (try redis.execute(command).elements ?? []).map { String(decoding: $0.bytes ?? [], as: UTF8.self) }
  }

  func record(_ id: JobID) throws -> JobRecord? {
    let reply = try redis.execute(RedisCommand("HGETALL", keys.job(id)))
    guard let fields = reply.pairs, !fields.isEmpty else { return nil }
    return JobRecord(id: id, fields: fields)
  }

  func field(_ id: JobID, _ name: String) throws -> String? { try text("HGET", keys.job(id), name) }
  func ttl(_ id: JobID) throws -> Int64 { try int("PTTL", keys.job(id)) ?? -3 }
  func ready() throws -> [String] { try strings("LRANGE", keys.ready, "0", "-1") }
}

extension QueueName {
  static let proof = QueueName(known: "proof")
  static let memory = QueueName(known: "memory")
}

extension KindName {
  static let noop = KindName(known: "test.noop")
  static let store = KindName(known: "memory.store")
  static let policy = KindName(known: "proof.policy")
}

extension JobID {
  /// An id of a number, in a form that a ULID has.
  static func numbered(_ number: Int, queue: QueueName = .proof) -> JobID {
    let digits = String(number)
    return JobID("\(queue).\(String(repeating: "0", count: 26 - digits.utf8.count))\(digits)")!
  }
}

extension NewJob {
  static func numbered(
    _ number: Int, payload: String = "{}", isSealed: Bool = false, priority: Priority = .normal,
    start: JobStart = .now, unique: Unique? = nil, idempotency: Idempotency? = nil
  ) -> NewJob {
    NewJob(
      id: .numbered(number), kind: isSealed ? .policy : .noop, payload: Array(payload.utf8), isSealed: isSealed,
      priority: priority, start: start, idempotency: idempotency, unique: unique)
  }
}

extension ClaimScript.Request {
  static func of(_ limit: Int, _ worker: String = "w", leaseMs: Int64 = 15_000, budget: Int = 1 << 20) -> Self {
    var generator = SystemRandomNumberGenerator()
    return ClaimScript.Request(
      limit: limit, worker: worker, leaseMs: leaseMs, byteBudget: budget,
      nonce: JobIDMinter.nonce(using: &generator))
  }
}
