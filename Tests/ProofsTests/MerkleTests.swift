import Testing

@testable import Proofs

@Suite struct MerkleTreeTests {
  @Test("an empty tree of depth 20 has the published root")
  func emptyRoot() throws {
    let published = "15019797232609675441998260052101280400536945603062888308240081994073687793470"
    #expect(try ZeroHashes.root(depth: 20).decimal == published)
    #expect(try MerkleTree(depth: 20).root.decimal == published)
    #expect(try ZeroHashes.root(depth: 0) == .zero)
    #expect(try ZeroHashes.root(depth: 1) == Poseidon.hash(0, 0))
    for depth in [-1, 33, .max, .min] {
      #expect(throws: ProofsError.depthOutOfRange(depth)) { try ZeroHashes.root(depth: depth) }
    }
  }

  @Test("the leaf 12345 alone gives the root that circom computes")
  func oneLeaf() throws {
    let published = "2526631960153697962617808322434754387958301545477562263165273530210448889916"
    var tree = try MerkleTree(depth: 20)
    #expect(try tree.append(12345) == 0)
    #expect(tree.root.decimal == published)
    var frontier = try MerkleFrontier(depth: 20)
    #expect(try frontier.append(12345).decimal == published)
  }

  @Test("1000 leaves appended one by one make the tree that is built at once")
  func appendEqualsRebuild() throws {
    let leaves = (1...1000).map { Fr(UInt64($0) * 7919) }
    var tree = try MerkleTree(depth: 10)
    for (index, leaf) in leaves.enumerated() { #expect(try tree.append(leaf) == index) }
    let rebuilt = try MerkleTree(depth: 10, leaves: leaves)
    #expect(tree == rebuilt)
    #expect(tree.leaves == leaves)
    for index in [0, 1, 499, 998, 999, 1000, 1023] {
      let path = try tree.path(of: index)
      #expect(path.verify(leaf: index < 1000 ? leaves[index] : 0, root: tree.root), "index \(index)")
    }
  }

  @Test("the frontier follows the tree through every size up to full")
  func frontier() throws {
    var tree = try MerkleTree(depth: 5)
    var frontier = try MerkleFrontier(depth: 5)
    for size in 1...32 {
      try tree.append(Fr(UInt64(size)))
      #expect(try frontier.append(Fr(UInt64(size))) == tree.root, "size \(size)")
      #expect(frontier == tree.frontier, "size \(size)")
      #expect(try MerkleFrontier(count: frontier.count, filled: frontier.filled) == frontier)
    }
    #expect(throws: ProofsError.tooManyLeaves(count: 33, capacity: 32)) { try frontier.append(1) }
    #expect(throws: ProofsError.tooManyLeaves(count: 33, capacity: 32)) { try tree.append(1) }
  }

  @Test("a tree equals the plain recursive definition at every size")
  func definition() throws {
    func root(_ leaves: [Fr]) -> Fr {
      guard leaves.count > 1 else { return leaves[0] }
      let half = leaves.count / 2
      return Poseidon.hash(root(Array(leaves[..<half])), root(Array(leaves[half...])))
    }
    for count in 0...8 {
      let leaves = (0..<count).map { Fr(UInt64($0 + 10)) }
      let tree = try MerkleTree(depth: 3, leaves: leaves)
      #expect(tree.root == root(leaves + Array(repeating: .zero, count: 8 - count)), "\(count) leaves")
    }
  }

  @Test("replacing a leaf gives the tree of the changed leaves, and 0 takes it out")
  func replacing() throws {
    var leaves = (1...11).map { Fr(UInt64($0)) }
    var tree = try MerkleTree(depth: 4, leaves: leaves)
    for (index, leaf) in [(0, 100), (10, 200), (5, 0)] as [(Int, Fr)] {
      leaves[index] = leaf
      try tree.replace(index, with: leaf)
      #expect(try tree == MerkleTree(depth: 4, leaves: leaves), "index \(index)")
    }
    for index in [-1, 11, 16] {
      #expect(throws: ProofsError.indexOutOfRange(index: index, count: 11)) { try tree.replace(index, with: 1) }
    }
  }

  @Test("depths, counts and indices out of range are refused")
  func refusals() throws {
    for depth in [0, -1, 33, .max] {
      #expect(throws: ProofsError.depthOutOfRange(depth)) { try MerkleTree(depth: depth) }
      #expect(throws: ProofsError.depthOutOfRange(depth)) { try MerkleFrontier(depth: depth) }
    }
    #expect(throws: ProofsError.tooManyLeaves(count: 5, capacity: 4)) {
      try MerkleTree(depth: 2, leaves: [1, 2, 3, 4, 5])
    }
    let tree = try MerkleTree(depth: 2, leaves: [1, 2])
    for index in [-1, 4, .max, .min] {
      #expect(throws: ProofsError.indexOutOfRange(index: index, count: 4)) { try tree.path(of: index) }
    }
    for count in [-1, 5] {
      #expect(throws: ProofsError.indexOutOfRange(index: count, count: 4)) {
        try MerkleFrontier(count: count, filled: [0, 0])
      }
    }
    #expect(throws: ProofsError.depthOutOfRange(0)) { try MerkleFrontier(count: 0, filled: []) }
  }

  @Test("building stops when it is told to")
  func stopping() {
    var asked = 0
    #expect(throws: ProofsError.stopped) {
      try MerkleTree(depth: 10, leaves: Array(repeating: 1, count: 1024)) {
        asked += 1
        return asked == 3
      }
    }
    #expect(asked == 3)
  }
}

@Suite struct MerklePathTests {
  @Test("every altered part of a path, leaf or root fails")
  func tamper() throws {
    let leaves = (1...13).map { Fr(UInt64($0)) }
    let tree = try MerkleTree(depth: 5, leaves: leaves)
    let root = tree.root
    for index in [0, 6, 12, 20] {
      let leaf = index < 13 ? leaves[index] : .zero
      let path = try tree.path(of: index)
      #expect(path.verify(leaf: leaf, root: root))
      for level in 0..<5 {
        var siblings = path.siblings
        siblings[level] += .one
        #expect(try !MerklePath(index: index, siblings: siblings).verify(leaf: leaf, root: root), "level \(level)")
        siblings[level] = path.root(of: leaf)
        #expect(try !MerklePath(index: index, siblings: siblings).verify(leaf: leaf, root: root), "level \(level)")
        let turned = try MerklePath(index: index ^ 1 << level, siblings: path.siblings)
        // Where both sides of a level are empty, left and right are the same.
        let isSymmetric = index == 20 && level < 4
        #expect(turned.verify(leaf: leaf, root: root) == isSymmetric, "index \(index), bit \(level)")
      }
      #expect(!path.verify(leaf: leaf + .one, root: root))
      #expect(!path.verify(leaf: leaf, root: root + .one))
      #expect(try !MerklePath(index: index, siblings: path.siblings + [0]).verify(leaf: leaf, root: root))
      #expect(
        try !MerklePath(index: index & 15, siblings: Array(path.siblings.dropLast())).verify(leaf: leaf, root: root))
    }
  }

  @Test("an index that its depth does not have is refused")
  func range() throws {
    for index in [-1, 4, 1 << 40, .max, .min] {
      #expect(throws: ProofsError.indexOutOfRange(index: index, count: 4)) {
        try MerklePath(index: index, siblings: [1, 2])
      }
    }
    for count in [0, 33] {
      #expect(throws: ProofsError.depthOutOfRange(count)) {
        try MerklePath(index: 0, siblings: Array(repeating: 0, count: count))
      }
    }
    #expect(try MerklePath(index: 3, siblings: [1, 2]).index == 3)
    #expect(try MerklePath(index: (1 << 32) - 1, siblings: Array(repeating: 0, count: 32)).siblings.count == 32)
  }
}

@Suite struct InclusionTests {
  @Test("the answer is the tree's own, for places with and without a leaf", arguments: [0, 1, 2, 3, 7, 1_048_575])
  func equalsTree(index: Int) throws {
    for count in [0, 1, 2, 5] {
      let leaves = (0..<count).map { Fr(UInt64($0 + 1)) }
      let answer = try InclusionStatement(leaves: leaves, index: index).evaluate()
      let tree = try MerkleTree(depth: 20, leaves: leaves)
      #expect(answer.root == tree.root)
      #expect(try answer.path == tree.path(of: index))
      #expect(answer.leaf == (index < count ? leaves[index] : .zero))
      #expect(answer.path.siblings.count == 20)
      #expect(answer.isVerified)
    }
  }

  @Test("the leaf 12345 alone gives the root that circom computes")
  func oneLeaf() throws {
    let answer = try InclusionStatement(leaves: [12345], index: 0).evaluate()
    #expect(answer.root.decimal == "2526631960153697962617808322434754387958301545477562263165273530210448889916")
    #expect(answer.path.siblings[0] == .zero)
    #expect(try answer.path.siblings[19] == ZeroHashes.root(depth: 19))
  }

  @Test("each altered part of an answer fails the check")
  func tamper() throws {
    let answer = try InclusionStatement(leaves: [5, 6, 7], index: 2).evaluate()
    for level in 0..<20 {
      var siblings = answer.path.siblings
      siblings[level] += .one
      let path = try MerklePath(index: 2, siblings: siblings)
      #expect(!Inclusion(root: answer.root, leaf: answer.leaf, path: path).isVerified, "level \(level)")
    }
    #expect(!Inclusion(root: answer.root, leaf: 8, path: answer.path).isVerified)
    #expect(!Inclusion(root: answer.root + .one, leaf: answer.leaf, path: answer.path).isVerified)
    let moved = try MerklePath(index: 3, siblings: answer.path.siblings)
    #expect(!Inclusion(root: answer.root, leaf: answer.leaf, path: moved).isVerified)
  }

  @Test("sizes that the tree has not are refused")
  func refusals() {
    for index in [-1, 1 << 20, .max] {
      #expect(throws: ProofsError.indexOutOfRange(index: index, count: 1 << 20)) {
        try InclusionStatement(leaves: [1], index: index)
      }
    }
    #expect(throws: ProofsError.tooManyLeaves(count: 1_048_577, capacity: 1_048_576)) {
      try InclusionStatement(leaves: Array(repeating: .zero, count: 1_048_577), index: 0)
    }
  }

  @Test("a long evaluation stops when it is told to")
  func stopping() throws {
    let statement = try InclusionStatement(leaves: Array(repeating: 1, count: 1 << 20), index: 0)
    var asked = 0
    #expect(throws: ProofsError.stopped) {
      try statement.evaluate {
        asked += 1
        return asked == 4
      }
    }
    #expect(asked == 4)
  }

  @Test("errors have a code and say what is expected")
  func errors() {
    let errors: [ProofsError] = [
      .notCanonical, .malformedNumber, .wrongLength(expected: 1, actual: 2), .wrongInputCount(0), .depthOutOfRange(0),
      .tooManyLeaves(count: 2, capacity: 1), .indexOutOfRange(index: 1, count: 1), .stopped,
    ]
    #expect(Set(errors.map(\.code)).count == errors.count)
    for error in errors { #expect(error.description.count > 10) }
  }
}
