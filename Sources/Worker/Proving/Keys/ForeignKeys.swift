import Synchronization

/// The operator's keys for `proof.circom`: loaded when a job names them, kept while there is room.
final class ForeignKeys: Sendable {
  /// One key, behind a lock of its own, so that loading it holds up nobody else.
  private final class Shelf: Sendable {
    let kit = Mutex<ProvingKit?>(nil)
  }

  /// Keys by the hash of their files, so that a file that was replaced is another key.
  private struct State {
    var shelves: [String: Shelf] = [:]
    var byteCounts: [String: Int] = [:]
    /// Hashes, the one that was used longest ago first.
    var order: [String] = []

    /// The shelf of a hash, used now; `shelf` or a new one where it has none.
    mutating func shelf(_ hash: String, orElse shelf: Shelf? = nil) -> Shelf {
      order.removeAll { $0 == hash }
      order.append(hash)
      let shelf = shelves[hash] ?? shelf ?? Shelf()
      shelves[hash] = shelf
      return shelf
    }

    mutating func drop(_ hash: String) {
      shelves[hash] = nil
      byteCounts[hash] = nil
      order.removeAll { $0 == hash }
    }

    /// Drops the keys that were used longest ago, but never `hash`.
    mutating func makeRoom(mostBytes: Int, for hash: String) {
      while byteCounts.values.reduce(0, +) > mostBytes, let oldest = order.first(where: { $0 != hash }) {
        drop(oldest)
      }
    }
  }

  private let room: KeyRoom
  private let mostBytes: Int
  private let state = Mutex(State())

  /// - Parameter mostBytes: lengths of the files of all keys that are kept; the last one used is kept in any case.
  init(_ room: KeyRoom, mostBytes: Int = 256 << 20) {
    self.room = room
    self.mostBytes = mostBytes
  }

  /// How many keys are kept.
  var count: Int { state.withLock { $0.byteCounts.count } }

  /// The key of a name as the manifest pins it now.
  ///
  /// - Parameter shouldStop: ends loading, which takes minutes for the longest keys, with `unusable` for `stopped`. Who waits
  ///   for the same key then loads it.
  /// - Throws: `notPinned` and what else is wrong with the key.
  func kit(_ name: String, shouldStop: () -> Bool = { false }) throws(KeyError) -> ProvingKit {
    let pin = try room.pin(foreign: name)
    let shelf = state.withLock { $0.shelf(pin.sha256) }
    do throws(KeyError) {
      return try shelf.kit.withLock { held throws(KeyError) in
        if let held { return held }
        let (kit, byteCount) = try room.load(foreign: pin, shouldStop)
        held = kit
        state.withLock { state in
          // Another's failure may have taken the shelf away.
          guard state.shelf(pin.sha256, orElse: shelf) === shelf else { return }
          state.byteCounts[pin.sha256] = byteCount
          state.makeRoom(mostBytes: mostBytes, for: pin.sha256)
        }
        return kit
      }
    } catch {
      state.withLock { $0.drop(pin.sha256) }
      throw error
    }
  }
}
