import Sealing
import Synchronization

/// Results of proofs that were made here, for the same statement with the same witness once more.
///
/// What is kept is what was published: public signals and proof, never a witness. An entry is found by HMAC-SHA256, under
/// a random key of this process, of verification key, public signals and the whole witness: a proof is answered to nobody
/// who did not bring the witness that it was made of, and from the entries nobody can try out witnesses elsewhere.
final class ProofCache: Sendable {
  /// What an entry is found by.
  struct Key: Sendable, Hashable {
    fileprivate let code: [UInt8]
  }

  fileprivate struct State {
    var results: [Key: (bytes: [UInt8], used: UInt64)] = [:]
    /// Keys by when they were used last.
    var order: [UInt64: Key] = [:]
    var oldest: UInt64 = 0
    var clock: UInt64 = 0
    var byteCount = 0
  }

  private let mostEntries: Int
  private let mostBytes: Int
  private let secret: SecretBytes
  private let state = Mutex(State())

  /// - Parameters:
  ///   - mostEntries: results kept; 0 for no cache.
  ///   - mostBytes: bytes of results kept.
  init(mostEntries: Int = 1024, mostBytes: Int = 4 << 20) throws(SealingError) {
    self.mostEntries = mostEntries
    self.mostBytes = mostBytes
    secret = try SecretBytes.random()
  }

  /// The key of a statement with its witness.
  ///
  /// - Parameters:
  ///   - keyID: the verification key's id.
  ///   - form: what else makes the result: the shape of its answer.
  ///   - witness: all wires, public ones included, as bytes.
  func key(keyID: String, form: String, witness: [UInt8]) throws(SealingError) -> Key {
    var data = AssociatedData("whispercache proof", "1", keyID, form)
    data.append(witness)
    return Key(code: try HMAC.sha256(data.bytes, key: secret))
  }

  /// How many results there are.
  var count: Int { state.withLock { $0.results.count } }

  /// The result of this key.
  subscript(_ key: Key) -> [UInt8]? {
    state.withLock { state in
      guard let entry = state.results[key] else { return nil }
      state.order[entry.used] = nil
      state.touch(key, entry.bytes)
      return entry.bytes
    }
  }

  /// Keeps a result, in place of those that were not used for the longest time.
  func put(_ bytes: [UInt8], for key: Key) {
    guard mostEntries > 0, bytes.count <= mostBytes else { return }
    state.withLock { state in
      if let before = state.results[key] {
        state.order[before.used] = nil
        state.byteCount -= before.bytes.count
      }
      state.byteCount += bytes.count
      state.touch(key, bytes)
      while state.results.count > mostEntries || state.byteCount > mostBytes { state.dropOldest() }
    }
  }
}

extension ProofCache.State {
  fileprivate mutating func touch(_ key: ProofCache.Key, _ bytes: [UInt8]) {
    clock += 1
    results[key] = (bytes, clock)
    order[clock] = key
  }

  fileprivate mutating func dropOldest() {
    while oldest <= clock {
      defer { oldest += 1 }
      guard let key = order.removeValue(forKey: oldest) else { continue }
      if let entry = results.removeValue(forKey: key) { byteCount -= entry.bytes.count }
      return
    }
  }
}
