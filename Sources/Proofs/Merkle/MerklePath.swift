/// The way from a leaf to the root: the neighbour on each level, the leaf's own first.
///
/// The check shares no code with the trees that make paths, so that an error in one does not hide in the other.
public struct MerklePath: Sendable, Equatable {
  /// The leaf's place; bit n tells whether the way comes from the right on level n.
  public let index: Int
  /// The neighbours, from the leaf's up to the root's child.
  public let siblings: [Fr]

  /// A path as someone gives it.
  ///
  /// - Throws: `depthOutOfRange` for other than 1 to 32 neighbours; `indexOutOfRange` for an index that such a tree has
  ///   not, since its surplus bits would let one leaf pass under many indices.
  public init(index: Int, siblings: [Fr]) throws(ProofsError) {
    guard (1...ZeroHashes.maximumDepth).contains(siblings.count) else { throw .depthOutOfRange(siblings.count) }
    guard index >= 0, index >> siblings.count == 0 else {
      throw .indexOutOfRange(index: index, count: 1 << siblings.count)
    }
    self.index = index
    self.siblings = siblings
  }

  /// The root that `leaf` has by this path.
  ///
  /// - Complexity: one hash a level.
  public func root(of leaf: Fr) -> Fr {
    var node = leaf
    var bits = index
    for sibling in siblings {
      node = bits & 1 == 0 ? Poseidon.hash(node, sibling) : Poseidon.hash(sibling, node)
      bits >>= 1
    }
    return node
  }

  /// Whether `leaf` stands at this path's place in the tree of `root`.
  public func verify(leaf: Fr, root: Fr) -> Bool { self.root(of: leaf) == root }
}
