internal import Proofs
internal import RedisWire

/// What putting a leaf at a place does to a tree: the nodes on its way, and the new root.
struct TreeChange: Sendable {
  /// One node: its field in the tree's hash, and its bytes, nil when it is that of an empty tree and so not stored.
  struct Node: Sendable, Equatable {
    let field: String
    let bytes: [UInt8]?
  }

  /// The nodes, the leaf first, without the root.
  let nodes: [Node]
  /// The root.
  let root: Fr

  /// The roots of empty trees by depth; `empty[0]` is the empty leaf, 0.
  static let empty: [Fr] = (0..<MemoryLimits.treeDepth).reduce(into: [.zero]) { empty, level in
    empty.append(Poseidon.hash(empty[level], empty[level]))
  }
  /// The root of a tree without leaves.
  static var emptyRoot: Fr { empty[MemoryLimits.treeDepth] }

  /// Puts `leaf` at `index`, whose neighbours are `siblings`, the leaf's own first.
  ///
  /// - Complexity: one hash a level.
  init(placing leaf: Fr, at index: Int, siblings: [Fr]) {
    var nodes: [Node] = []
    nodes.reserveCapacity(siblings.count)
    var node = leaf
    for (level, sibling) in siblings.enumerated() {
      let place = index >> level
      nodes.append(
        Node(field: "\(level):\(place)", bytes: node == Self.empty[level] ? nil : node.bigEndianBytes))
      node = place & 1 == 0 ? Poseidon.hash(node, sibling) : Poseidon.hash(sibling, node)
    }
    self.nodes = nodes
    root = node
  }
}

extension TreeChange {
  /// Appends field and bytes of each node; no bytes for one that is not stored.
  func append(to command: inout RedisCommand) {
    for node in nodes {
      command.append(node.field)
      command.append(node.bytes ?? [])
    }
  }
}
