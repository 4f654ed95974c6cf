internal import RedisWire
internal import Sealing

/// The proof circuits that workers have published, in `wc:circuits`: one field a circuit, the last writer's.
public struct CircuitRegistry: Sendable {
  private let store: JobStore

  /// The registry beside the jobs of `store`.
  public init(_ store: JobStore) { self.store = store }

  /// Publishes circuits; what is there under their names is replaced.
  ///
  /// - Redis: HSET.
  public func publish(_ entries: [CircuitEntry]) async throws(JobError) {
    if entries.isEmpty { return }
    var command = RedisCommand("HSET", store.keys.circuits)
    for entry in entries {
      command.append(entry.name)
      command.append(entry.json)
    }
    _ = try await execute(command)
  }

  /// All circuits that can be read, by name.
  ///
  /// - Redis: HGETALL.
  public func all() async throws(JobError) -> [CircuitEntry] {
    let reply = try await execute(RedisCommand("HGETALL", store.keys.circuits))
    guard let pairs = reply.pairs else {
      throw .unexpectedReply(script: "HGETALL", detail: "no fields and values")
    }
    return pairs.compactMap { pair in
      guard let name = pair.key.string, let json = pair.value.bytes else { return nil }
      return Self.sound(json, name)
    }.sorted { $0.name < $1.name }
  }

  /// One circuit; nil when nobody has published it, or when its bytes are not those of its `keyID`.
  ///
  /// - Redis: HGET.
  public func entry(_ name: String) async throws(JobError) -> CircuitEntry? {
    guard CircuitEntry.isName(name) else { return nil }
    let reply = try await execute(RedisCommand("HGET", store.keys.circuits, name))
    return reply.bytes.flatMap { Self.sound($0, name) }
  }

  /// A verification key that was changed by hand would make verifiers accept other proofs.
  private static func sound(_ json: [UInt8], _ name: String) -> CircuitEntry? {
    guard let entry = CircuitEntry(json: json), entry.name == name else { return nil }
    do throws(SealingError) {
      return Hex.string(try Digest.sha256.hash(entry.verificationKey)) == entry.keyID ? entry : nil
    } catch {
      return nil
    }
  }

  private func execute(_ command: RedisCommand) async throws(JobError) -> RESPValue {
    do throws(RedisError) { return try await store.client.execute(command) } catch { throw JobError(error) }
  }
}
