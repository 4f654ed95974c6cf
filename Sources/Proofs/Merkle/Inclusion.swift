/// The claim that `leaf` stands at the path's place in the tree of `root`.
public struct Inclusion: Sendable, Equatable {
  /// The hash over the whole tree.
  public let root: Fr
  /// The leaf; 0 for an empty place.
  public let leaf: Fr
  /// The way from the leaf to the root.
  public let path: MerklePath

  /// A claim as someone makes it.
  public init(root: Fr, leaf: Fr, path: MerklePath) {
    self.root = root
    self.leaf = leaf
    self.path = path
  }

  /// Whether the path, hashed anew, leads from the leaf to the root.
  public var isVerified: Bool { path.verify(leaf: leaf, root: root) }
}
