import Jobs
@testable import Memories
import Proofs
import TestSupport
import Testing

@Suite("Forgetting")
struct ForgetTests {
  private func fill(_ bed: MemoryBed, _ count: Int, user: String = "u") async throws -> [StoreResult] {
    var results: [StoreResult] = []
    for number in 0..<count {
      results.append(
        try await bed.store.store(
          StoreRequest(user: user, content: "c\(number)", tags: ["t\(number % 2)"], memoryID: "m\(number)"),
          job: try job(number)))
    }
    return results
  }

  @Test("a forgotten memory is gone with its data key, its tags and its leaf; its neighbours stay")
  func one() async throws {
    let bed = try MemoryBed()
    let stored = try await fill(bed, 3)
    let result = try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m1"), job: try job(10))
    #expect(result.forgotten == 1 && result.nullifiers.count == 1)
    #expect(await failure { try await bed.store.recall(MemoryReference(user: "u", memoryID: "m1")) } == .notFound)
    #expect(await failure { try await bed.store.verify(MemoryReference(user: "u", memoryID: "m1")) } == .notFound)
    #expect(try bed.keys("}:memory:").count == 2)
    #expect(try bed.keys("}:tag:").count == 1, "the last memory of a tag takes the tag along")
    #expect(try bed.server.command("ZCARD", try bed.key("}:ids")).int == 2)
    let root = try MerkleTree(depth: 20, leaves: [stored[0].commitment, 0, stored[2].commitment]).root
    for id in ["m0", "m2"] {
      let verified = try await bed.store.verify(MemoryReference(user: "u", memoryID: id))
      #expect(verified.valid && verified.root == root)
    }
  }

  @Test("the nullifier is that of the commitment and its salt: another memory has another one")
  func nullifiers() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 4)
    var seen: Set<String> = []
    for number in 0..<4 {
      let result = try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m\(number)"), job: try job(10))
      seen.formUnion(result.nullifiers.map(\.decimal))
    }
    #expect(seen.count == 4)
  }

  @Test("forgetting again answers the same, whoever asks")
  func again() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 2)
    let request = ForgetRequest(user: "u", memoryID: "m0")
    let first = try await bed.store.forget(request, job: try job(10))
    let tree = try bed.server.command("HGETALL", try bed.key("}:tree")).fields
    #expect(try await bed.store.forget(request, job: try job(10)) == first)
    #expect(try await bed.another().forget(request, job: try job(11)) == first)
    #expect(try bed.server.command("HGETALL", try bed.key("}:tree")).fields == tree)
    let never = ForgetRequest(user: "u", memoryID: "never")
    #expect(await failure { try await bed.store.forget(never, job: try job(12)) } == .notFound)
  }

  @Test("the id of a forgotten memory does not come back, not even by the job that stored it")
  func stays() async throws {
    let bed = try MemoryBed()
    let request = StoreRequest(user: "u", content: "c")
    let stored = try await bed.store.store(request, job: try job(1))
    _ = try await bed.store.forget(ForgetRequest(user: "u", memoryID: stored.memoryID), job: try job(2))
    let error = await failure { try await bed.store.store(request, job: try job(1)) }
    #expect(error == .forgotten)
    #expect(error?.isRetryable == false)
    _ = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(3))
    #expect(await failure { try await bed.store.store(request, job: try job(1)) } == .forgotten)
  }

  @Test("forgetting a user takes all memories, all tags, the key and every node; other users stay")
  func user() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 5)
    let kept = try await fill(bed, 1, user: "v")
    let single = try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m0"), job: try job(10))
    let result = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(11))
    #expect(result.forgotten == 4)
    #expect(Set((result.nullifiers + single.nullifiers).map(\.decimal)).count == 5)
    #expect(try bed.keys("}:memory:").count == 1)
    #expect(try bed.keys("}:tag:").count == 1)
    #expect(try bed.keys("}:ids").count == 1)
    let erased = try #require(try bed.keys("}:erasure:").first).prefix(40)
    let key = try bed.server.command("HKEYS", "\(erased)key").elements.compactMap(\.text).sorted()
    #expect(key == ["shredded_ms", "version"])
    let tree = try bed.server.command("HGETALL", "\(erased)tree").fields
    #expect(tree.keys.sorted() == ["count", "root", "version"])
    #expect(tree["count"] == "5")
    #expect(tree["root"] == "15019797232609675441998260052101280400536945603062888308240081994073687793470")
    #expect(try await bed.store.verify(MemoryReference(user: "v", memoryID: "m0")).root == kept[0].root)
  }

  @Test("a job that forgot a user answers the same again and leaves what came after alone")
  func userAgain() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 3)
    let first = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(10))
    let fresh = try await bed.store.store(StoreRequest(user: "u", content: "new", memoryID: "new"), job: try job(11))
    #expect(fresh.leafIndex == 3)
    #expect(try await bed.another().forget(ForgetRequest(user: "u"), job: try job(10)) == first)
    #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: "new")).content == "new")
    let second = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(12))
    #expect(second.forgotten == 1)
    let third = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(13))
    #expect(third == ForgetResult(forgotten: 0, nullifiers: []))
    #expect(try bed.server.command("PTTL", try #require(try bed.keys("}:erasure:").first)).int ?? 0 > 7_700_000_000)
  }

  @Test("forgetting a user who has nothing answers so, also again after the first memory")
  func nobody() async throws {
    let bed = try MemoryBed()
    let nothing = ForgetResult(forgotten: 0, nullifiers: [])
    #expect(try await bed.store.forget(ForgetRequest(user: "u"), job: try job(1)) == nothing)
    _ = try await bed.store.store(StoreRequest(user: "u", content: "c", memoryID: "m"), job: try job(2))
    #expect(try await bed.store.forget(ForgetRequest(user: "u"), job: try job(1)) == nothing)
    #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")).content == "c")
  }

  @Test("more memories than a page has are forgotten whole")
  func pages() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 2)
    // The other members of the set are damaged memories: nothing is stored under their names.
    let ids = try bed.key("}:ids")
    let line = try bed.server.connect()
    for number in 0..<600 {
      _ = try line.command(
        ["ZADD", ids, "\(number + 5)", String(repeating: "0", count: 26) + "\(100_000 + number)"].map { Array($0.utf8) }
      )
    }
    let result = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(10))
    #expect(result.forgotten == 602)
    #expect(result.nullifiers.count == 2)
    #expect(try bed.keys("}:ids") == [])
    #expect(try await bed.store.forget(ForgetRequest(user: "u"), job: try job(10)) == result)
  }

  @Test("damage does not save a memory from its user's being forgotten")
  func damaged() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 4)
    let memories = try bed.keys("}:memory:")
    try bed.setField(memories[0], "metadata", [1, 2, 3])
    try bed.server.command("DEL", memories[1])
    try bed.server.command("SET", memories[1], "not a hash")
    let result = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(10))
    #expect(result.forgotten == 4)
    #expect(result.nullifiers.count == 2)
    #expect(try bed.keys("}:memory:") == [])
  }

  @Test("a user who is full is told so, and forgetting makes room")
  func full() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 1)
    let ids = try bed.key("}:ids")
    let members = (0..<9_999).flatMap { ["\($0)", "x\($0)"] }
    _ = try bed.server.connect().command((["ZADD", ids] + members).map { Array($0.utf8) })
    let request = StoreRequest(user: "u", content: "c", memoryID: "new")
    let error = await failure { try await bed.store.store(request, job: try job(5)) }
    #expect(error == .full(limit: 10_000))
    #expect(error?.code == "memory_full")
    let erased = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(6))
    #expect(erased.forgotten == 10_000)
    _ = try await bed.store.store(request, job: try job(5))
  }

  @Test("a full Redis refuses to store and still forgets")
  func outOfMemory() async throws {
    let bed = try MemoryBed()
    _ = try await fill(bed, 2)
    try bed.server.command("CONFIG", "SET", "maxmemory", "1")
    let error = await failure {
      try await bed.store.store(StoreRequest(user: "u", content: "c"), job: try job(9))
    }
    #expect(error == .outOfMemory)
    #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: "m0")).content == "c0")
    #expect(try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m0"), job: try job(10)).forgotten == 1)
  }
}
