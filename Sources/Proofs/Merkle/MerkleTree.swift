/// A tree of Poseidon hashes of fixed depth, filled from the left; places without a leaf hold 0.
///
/// It keeps every node, 64 bytes a leaf, so that a path costs no hash. Who needs only the root keeps a
/// `MerkleFrontier`. Earlier roots are the caller's to remember.
public struct MerkleTree: Sendable, Equatable {
  /// Levels above the leaves.
  public let depth: Int
  /// levels[0] are the leaves; each level ends where it holds nothing but roots of empty trees.
  private var levels: [[Fr]]

  /// An empty tree.
  ///
  /// - Throws: `depthOutOfRange` for other than 1 to 32.
  public init(depth: Int) throws(ProofsError) {
    guard (1...ZeroHashes.maximumDepth).contains(depth) else { throw .depthOutOfRange(depth) }
    self.depth = depth
    levels = Array(repeating: [], count: depth + 1)
  }

  /// The tree of the given leaves.
  ///
  /// - Throws: `depthOutOfRange`, `tooManyLeaves`, `stopped`.
  /// - Complexity: about one hash a leaf and one a level.
  public init(depth: Int, leaves: [Fr], shouldStop: () -> Bool = { false }) throws(ProofsError) {
    try self.init(depth: depth)
    guard leaves.count <= capacity else { throw .tooManyLeaves(count: leaves.count, capacity: capacity) }
    levels[0] = leaves
    for level in 0..<depth {
      levels[level + 1] = try MerkleLevel.parents(of: levels[level], level: level, shouldStop: shouldStop)
    }
  }

  /// How many leaves were appended.
  public var count: Int { levels[0].count }

  /// How many leaves there is room for.
  public var capacity: Int { 1 << depth }

  /// The leaves in order.
  public var leaves: [Fr] { levels[0] }

  /// The hash over everything.
  public var root: Fr { levels[depth].first ?? ZeroHashes.table[depth] }

  /// What is needed to append without the tree.
  public var frontier: MerkleFrontier {
    let filled = (0..<depth).map { level in
      // The last finished left node of the level, where one waits for its neighbour.
      count >> level & 1 == 1 ? levels[level][(count >> level) - 1] : Fr.zero
    }
    return MerkleFrontier(depth: depth, count: count, filled: filled)
  }

  /// Adds a leaf at the next free place and gives its index.
  ///
  /// - Throws: `tooManyLeaves` when the tree is full.
  /// - Complexity: one hash a level.
  @discardableResult
  public mutating func append(_ leaf: Fr) throws(ProofsError) -> Int {
    let index = count
    guard index < capacity else { throw .tooManyLeaves(count: index + 1, capacity: capacity) }
    levels[0].append(leaf)
    rehash(index)
    return index
  }

  /// Puts `leaf` in the place of an appended one; 0 takes it out.
  ///
  /// - Throws: `indexOutOfRange`.
  /// - Complexity: one hash a level.
  public mutating func replace(_ index: Int, with leaf: Fr) throws(ProofsError) {
    guard levels[0].indices.contains(index) else { throw .indexOutOfRange(index: index, count: count) }
    levels[0][index] = leaf
    rehash(index)
  }

  /// The path of any place, with or without a leaf.
  ///
  /// - Throws: `indexOutOfRange` outside the capacity.
  public func path(of index: Int) throws(ProofsError) -> MerklePath {
    guard (0..<capacity).contains(index) else { throw .indexOutOfRange(index: index, count: capacity) }
    let siblings = (0..<depth).map { level in
      MerkleLevel.node(index >> level ^ 1, of: levels[level], level: level)
    }
    return try MerklePath(index: index, siblings: siblings)
  }

  private mutating func rehash(_ index: Int) {
    for level in 0..<depth {
      let parent = index >> (level + 1)
      let hash = Poseidon.hash(
        MerkleLevel.node(parent * 2, of: levels[level], level: level),
        MerkleLevel.node(parent * 2 + 1, of: levels[level], level: level))
      if parent == levels[level + 1].count {
        levels[level + 1].append(hash)
      } else {
        levels[level + 1][parent] = hash
      }
    }
  }
}
