/// One level of a tree that is filled from the left: nodes up to the last leaf's, then roots of empty trees.
enum MerkleLevel {
  /// How many hashes are made between two looks at `shouldStop`; some 0.5 ms.
  private static let stride = 32

  static func node(_ index: Int, of nodes: [Fr], level: Int) -> Fr {
    index < nodes.count ? nodes[index] : ZeroHashes.table[level]
  }

  /// The level above `nodes`, which are on `level`.
  static func parents(of nodes: [Fr], level: Int, shouldStop: () -> Bool) throws(ProofsError) -> [Fr] {
    let count = nodes.count / 2 + nodes.count % 2
    var parents: [Fr] = []
    parents.reserveCapacity(count)
    for parent in 0..<count {
      if parent % stride == 0, shouldStop() { throw .stopped }
      parents.append(Poseidon.hash(nodes[parent * 2], node(parent * 2 + 1, of: nodes, level: level)))
    }
    return parents
  }
}
