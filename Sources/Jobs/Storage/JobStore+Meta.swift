internal import RedisWire
public import Sealing

extension JobStore {
  /// Redis' clock, in Unix milliseconds.
  ///
  /// - Redis: TIME.
  public func nowMs() async throws(JobError) -> Int64 {
    let reply = try await execute(RedisCommand("TIME"))
    guard let parts = reply.elements, parts.count == 2, let seconds = parts[0].string.flatMap({ Int64($0) }),
      let micros = parts[1].string.flatMap({ Int64($0) })
    else { throw .unexpectedReply(script: "TIME", detail: "no time") }
    return seconds * 1000 + micros / 1000
  }

  /// The fingerprints of keys: from PAYLOAD_KEY, or without one from a random key that all programs share in Redis.
  public func fingerprint(payloadKey: SecretBytes?) async throws(JobError) -> Fingerprint {
    if let payloadKey { return try Fingerprint(payloadKey: payloadKey) }
    let fresh: String
    do {
      fresh = Hex.string(try SecureRandom.bytes(32))
    } catch {
      throw .seal(code: error.code, detail: error.description)
    }
    // Whoever comes first sets it; everybody reads what is there.
    _ = try await execute(RedisCommand("HSETNX", keys.meta, "fingerprint_key", fresh))
    let reply = try await execute(RedisCommand("HGET", keys.meta, "fingerprint_key"))
    do throws(CodecError) {
      var key = try Hex.decode(reply.string ?? "")
      guard key.count == 32 else { throw .invalidLength(key.count) }
      return Fingerprint(key: SecretBytes(moving: &key))
    } catch {
      throw .unexpectedReply(script: "HGET", detail: "fingerprint_key in \(keys.meta) is not 64 hex digits; delete it")
    }
  }

  /// When the last backup was made, in Unix milliseconds; nil when none is known.
  ///
  /// - Redis: HGET.
  public func lastBackupMs() async throws(JobError) -> Int64? {
    try await execute(RedisCommand("HGET", keys.meta, "backup_last_success_ms")).int.flatMap {
      (1..<1 << 53).contains($0) ? $0 : nil
    }
  }

  /// Notes that a backup was made, for whoever watches over backups.
  ///
  /// - Redis: HSET.
  public func noteBackup(atMs ms: Int64) async throws(JobError) {
    _ = try await execute(RedisCommand("HSET", keys.meta, "backup_last_success_ms", String(ms)))
  }
}
