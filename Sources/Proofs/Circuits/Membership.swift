/// `membership`: "I know a leaf other than 0 in the tree of this root", without saying which.
public struct Membership: Circuit {
  /// The name of its keys.
  public static let name = "membership"
  /// The public signals, outputs first.
  public static let publicSignalNames = ["root", "context"]
  /// Some statement.
  public static let example: Membership = {
    let siblings = [Fr](repeating: .zero, count: depth)
    return Membership(checkedLeaf: 1, index: 0, siblings: siblings, context: 0)
  }()

  /// Levels above the leaves.
  public static let depth = 20

  let leaf: Fr
  let index: Int
  let siblings: [Fr]
  let context: Fr

  /// A statement about the root to which the path leads from the leaf.
  ///
  /// - Throws: `wrongDepth` for a path of another depth; `emptyLeaf` for leaf 0, which stands for no member.
  public init(leaf: Fr, path: MerklePath, context: Fr) throws(ProofsError) {
    guard path.siblings.count == Self.depth else { throw .wrongDepth(path.siblings.count) }
    guard !leaf.isZero else { throw .emptyLeaf }
    self.init(checkedLeaf: leaf, index: path.index, siblings: path.siblings, context: context)
  }

  private init(checkedLeaf leaf: Fr, index: Int, siblings: [Fr], context: Fr) {
    self.leaf = leaf
    self.index = index
    self.siblings = siblings
    self.context = context
  }

  /// Writes the statement down.
  public func synthesize(_ builder: inout ConstraintBuilder) {
    let root = builder.output()
    builder.bindContext(builder.input(context))
    let member = builder.hint(leaf)
    builder.enforceNonZero(member)
    var bits: [Bit] = []
    for level in 0..<Self.depth { bits.append(builder.bit(index >> level & 1 == 1)) }
    var neighbours: [LinearCombination] = []
    for sibling in siblings { neighbours.append(builder.hint(sibling)) }
    builder.bind(root, to: builder.merkleRoot(member, bits, neighbours))
  }
}
