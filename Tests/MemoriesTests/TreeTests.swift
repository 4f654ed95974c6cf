import Memories
import Proofs
import TestSupport
import Testing

@Suite("The user's tree")
struct TreeTests {
  @Test("after any sequence of stores and forgets the root is that of the leaves", arguments: [1, 2, 3] as [UInt64])
  func sequence(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let bed = try MemoryBed()
    var leaves: [Fr] = []
    var living: [(id: String, index: Int)] = []
    for turn in 0..<40 {
      if living.isEmpty || Int.random(in: 0..<3, using: &generator) > 0 {
        let result = try await bed.store.store(
          StoreRequest(user: "u", content: "content \(turn)", tags: ["t\(turn % 3)"]), job: try job(turn))
        #expect(result.leafIndex == leaves.count, "\(generator)")
        leaves.append(result.commitment)
        living.append((result.memoryID, result.leafIndex))
        #expect(try result.root == MerkleTree(depth: 20, leaves: leaves).root, "\(generator)")
      } else {
        let gone = living.remove(at: Int.random(in: 0..<living.count, using: &generator))
        _ = try await bed.store.forget(ForgetRequest(user: "u", memoryID: gone.id), job: try job(turn))
        leaves[gone.index] = .zero
      }
    }
    let root = try MerkleTree(depth: 20, leaves: leaves).root
    for memory in living {
      let result = try await bed.store.verify(MemoryReference(user: "u", memoryID: memory.id))
      #expect(result.valid && result.included && result.root == root, "\(generator)")
    }
    try expectNodes(of: leaves, in: bed)
    for memory in living {
      _ = try await bed.store.forget(ForgetRequest(user: "u", memoryID: memory.id), job: try job(100))
    }
    let fields = try bed.server.command("HKEYS", try bed.key("}:tree")).elements.compactMap(\.text).sorted()
    #expect(fields == ["count", "root", "version"], "no node of an empty tree is kept: \(generator)")
  }

  /// The stored nodes are those of a tree of the leaves, hashed level by level here.
  private func expectNodes(of leaves: [Fr], in bed: MemoryBed) throws {
    let key = try bed.key("}:tree")
    var level = leaves
    var empty: Fr = 0
    var expected: [String: [UInt8]] = [:]
    for height in 0..<20 {
      for (place, node) in level.enumerated() where node != empty {
        expected["\(height):\(place)"] = node.bigEndianBytes
      }
      if level.count % 2 == 1 { level.append(empty) }
      level = stride(from: 0, to: level.count, by: 2).map { Poseidon.hash(level[$0], level[$0 + 1]) }
      empty = Poseidon.hash(empty, empty)
    }
    var stored: [String: [UInt8]] = [:]
    for field in try bed.server.command("HKEYS", key).elements.compactMap(\.text) where field.contains(":") {
      stored[field] = try bed.field(key, field)
    }
    #expect(stored == expected)
  }

  @Test("a path that was tampered with shows in verify, and nothing more is built on it")
  func damaged() async throws {
    let bed = try MemoryBed()
    for number in 0..<3 {
      _ = try await bed.store.store(
        StoreRequest(user: "u", content: "c", memoryID: "m\(number)"), job: try job(number))
    }
    let tree = try bed.key("}:tree")
    let good = try #require(try bed.field(tree, "0:1"))
    try bed.setField(tree, "0:1", Fr(99).bigEndianBytes)
    let result = try await bed.store.verify(MemoryReference(user: "u", memoryID: "m0"))
    #expect(!result.included && !result.valid)
    try bed.setField(tree, "0:1", good)
    try bed.setField(tree, "0:2", Fr(99).bigEndianBytes)
    let next = StoreRequest(user: "u", content: "next", memoryID: "next")
    #expect(await failure { try await bed.store.store(next, job: try job(9)) } == .treeDamaged)
  }

  @Test(
    "a tree with numbers that are none is damaged, not zero",
    arguments: [
      ("root", "x"), ("root", "-1"), ("root", "007"), ("root", String(repeating: "9", count: 78)), ("count", "many"),
      ("count", "-1"), ("count", "1048577"), ("version", "1e3"), ("0:0", "short"),
    ])
  func numbers(_ field: String, _ value: String) async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "c", memoryID: "m"), job: try job(1))
    try bed.setField(try bed.key("}:tree"), field, Array(value.utf8))
    let next = StoreRequest(user: "u", content: "next")
    #expect(await failure { try await bed.store.store(next, job: try job(2)) } == .treeDamaged)
  }

  @Test("roots that were valid lately are remembered with the time when they ceased to be")
  func recentRoots() async throws {
    let bed = try MemoryBed()
    var roots: [String] = []
    for number in 0..<3 {
      roots.append(
        try await bed.store.store(StoreRequest(user: "u", content: "c\(number)"), job: try job(number)).root.decimal)
    }
    let key = try bed.key("}:roots")
    #expect(Set(try bed.server.command("ZRANGE", key, "0", "-1").elements.compactMap(\.text)) == Set(roots))
    let scores = try roots.map { try #require(try bed.server.command("ZSCORE", key, $0).text.flatMap(Double.init)) }
    #expect(scores == scores.sorted())
    try bed.server.command("ZADD", key, "1", roots[0])
    _ = try await bed.store.store(StoreRequest(user: "u", content: "last"), job: try job(7))
    #expect(try bed.server.command("ZSCORE", key, roots[0]) == .null, "what is older than the TTL goes")
  }
}
