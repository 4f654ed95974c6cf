/// The question of a `proof.inclusion`: where a leaf stands among others, and the path that shows it.
public struct InclusionStatement: Sendable, Equatable {
  /// Levels above the leaves.
  public static let depth = 20

  /// The leaves from the left; places after them hold 0.
  public let leaves: [Fr]
  /// The place that is asked for; it may lie after the last leaf.
  public let index: Int

  /// A statement whose sizes fit the tree.
  ///
  /// - Throws: `tooManyLeaves` above 2^20, `indexOutOfRange`.
  public init(leaves: [Fr], index: Int) throws(ProofsError) {
    let capacity = 1 << Self.depth
    guard leaves.count <= capacity else { throw .tooManyLeaves(count: leaves.count, capacity: capacity) }
    guard (0..<capacity).contains(index) else { throw .indexOutOfRange(index: index, count: capacity) }
    self.leaves = leaves
    self.index = index
  }

  /// Finds root, leaf and path; the answer still has to pass `Inclusion.isVerified`.
  ///
  /// - Throws: `stopped`.
  /// - Complexity: about one hash a leaf and one a level; memory for the leaves and half as much again.
  public func evaluate(shouldStop: () -> Bool = { false }) throws(ProofsError) -> Inclusion {
    var level = leaves
    var siblings: [Fr] = []
    for height in 0..<Self.depth {
      siblings.append(MerkleLevel.node(index >> height ^ 1, of: level, level: height))
      level = try MerkleLevel.parents(of: level, level: height, shouldStop: shouldStop)
    }
    return Inclusion(
      root: level.first ?? ZeroHashes.table[Self.depth], leaf: index < leaves.count ? leaves[index] : .zero,
      path: try MerklePath(index: index, siblings: siblings))
  }
}
