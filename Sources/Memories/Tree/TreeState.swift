internal import Proofs
internal import RedisWire

/// A user's tree as one read of Redis shows it, with the way of one leaf.
struct TreeState: Sendable, Equatable {
  /// Leaves ever added.
  let count: Int
  /// Changes ever made; a write is refused when another came between.
  let version: Int64
  /// The root.
  let root: Fr
  /// The neighbours on the way of the leaf that was asked for; empty when none was.
  let siblings: [Fr]

  /// Whether `leaf` at `index` leads to the root by these neighbours.
  func holds(_ leaf: Fr, at index: Int) -> Bool {
    do throws(ProofsError) {
      return try MerklePath(index: index, siblings: siblings).verify(leaf: leaf, root: root)
    } catch {
      return false
    }
  }

  /// Reads count, root, version and neighbours.
  ///
  /// - Throws: `treeDamaged` for numbers that are none.
  init(count: RESPValue, root: RESPValue, version: RESPValue, siblings: [RESPValue]) throws(MemoryError) {
    guard let count = count.isNull ? 0 : count.int, (0...Int64(MemoryLimits.leavesPerUser)).contains(count),
      let version = version.isNull ? 0 : version.int, version >= 0,
      siblings.isEmpty || siblings.count == MemoryLimits.treeDepth
    else { throw .treeDamaged }
    self.count = Int(count)
    self.version = version
    do throws(ProofsError) {
      self.root = try root.string.map { text throws(ProofsError) in try Fr(decimal: text) } ?? TreeChange.emptyRoot
      var nodes: [Fr] = []
      for (level, sibling) in siblings.enumerated() {
        nodes.append(
          try sibling.bytes.map { bytes throws(ProofsError) in try Fr(bigEndian: bytes) } ?? TreeChange.empty[level])
      }
      self.siblings = nodes
    } catch {
      throw .treeDamaged
    }
  }
}
