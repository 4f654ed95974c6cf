/// The right edge of a tree: enough to append leaves and know the root, in 32 bytes a level.
public struct MerkleFrontier: Sendable, Equatable {
  /// Levels above the leaves.
  public let depth: Int
  /// How many leaves were appended.
  public private(set) var count: Int
  /// For each level, the finished left node that waits for its neighbour; 0 where none waits.
  public private(set) var filled: [Fr]

  /// The edge of an empty tree.
  ///
  /// - Throws: `depthOutOfRange` for other than 1 to 32.
  public init(depth: Int) throws(ProofsError) {
    guard (1...ZeroHashes.maximumDepth).contains(depth) else { throw .depthOutOfRange(depth) }
    self.init(depth: depth, count: 0, filled: Array(repeating: .zero, count: depth))
  }

  /// Takes a stored edge back.
  ///
  /// - Throws: `depthOutOfRange`, `indexOutOfRange` for a count that the tree cannot have.
  public init(count: Int, filled: [Fr]) throws(ProofsError) {
    let depth = filled.count
    guard (1...ZeroHashes.maximumDepth).contains(depth) else { throw .depthOutOfRange(depth) }
    guard (0...1 << depth).contains(count) else { throw .indexOutOfRange(index: count, count: 1 << depth) }
    self.init(depth: depth, count: count, filled: filled)
  }

  init(depth: Int, count: Int, filled: [Fr]) {
    self.depth = depth
    self.count = count
    self.filled = filled
  }

  /// Adds a leaf and gives the new root.
  ///
  /// - Throws: `tooManyLeaves` when the tree is full.
  /// - Complexity: one hash a level.
  @discardableResult
  public mutating func append(_ leaf: Fr) throws(ProofsError) -> Fr {
    guard count < 1 << depth else { throw .tooManyLeaves(count: count + 1, capacity: 1 << depth) }
    var node = leaf
    var waits = true
    for level in 0..<depth {
      if count >> level & 1 == 0 {
        // A left node: it waits here, once, and meets an empty neighbour for now.
        if waits { filled[level] = node }
        waits = false
        node = Poseidon.hash(node, ZeroHashes.table[level])
      } else {
        node = Poseidon.hash(filled[level], node)
        if waits { filled[level] = .zero }
      }
    }
    count += 1
    return node
  }
}
