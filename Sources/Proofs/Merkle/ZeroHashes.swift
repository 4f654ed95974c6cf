/// The roots of empty trees: level 0 is the empty leaf 0, each further level the hash of two of the level below.
public enum ZeroHashes {
  /// The deepest tree.
  public static let maximumDepth = 32

  /// The root of an empty tree of `depth` levels.
  ///
  /// - Throws: `depthOutOfRange`; 0, the leaf, is allowed.
  public static func root(depth: Int) throws(ProofsError) -> Fr {
    guard table.indices.contains(depth) else { throw .depthOutOfRange(depth) }
    return table[depth]
  }

  static let table: [Fr] = (0..<maximumDepth).reduce(into: [.zero]) { table, level in
    table.append(Poseidon.hash(table[level], table[level]))
  }
}
