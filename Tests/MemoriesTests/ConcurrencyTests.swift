import Jobs
import Memories
import Proofs
import TestSupport
import Testing

@Suite("Memories of one user from many places")
struct ConcurrencyTests {
  @Test("two stores at once both succeed, with leaves of their own")
  func two() async throws {
    let bed = try MemoryBed()
    let other = try bed.another()
    let racing = MemoryStore(
      redis: InterferingLink(try BlockingLink(bed.server), before: "memory_store") { call in
        guard call == 0 else { return }
        _ = try await other.store(StoreRequest(user: "u", content: "second"), job: try job(2))
      }, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let late = try await racing.store(StoreRequest(user: "u", content: "first"), job: try job(1))
    let early = try await other.store(StoreRequest(user: "u", content: "second"), job: try job(2))
    #expect(early.leafIndex == 0)
    #expect(late.leafIndex == 1)
    #expect(try late.root == MerkleTree(depth: 20, leaves: [early.commitment, late.commitment]).root)
    for result in [early, late] {
      #expect(try await bed.store.verify(MemoryReference(user: "u", memoryID: result.memoryID)).valid)
      let content = result == early ? "second" : "first"
      #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: result.memoryID)).content == content)
    }
  }

  @Test("eight stores in parallel fill eight leaves")
  func parallel() async throws {
    let bed = try MemoryBed()
    let results = try await withThrowingTaskGroup { group in
      for number in 0..<8 {
        let store = try bed.another()
        group.addTask { try await store.store(StoreRequest(user: "u", content: "\(number)"), job: try job(number)) }
      }
      return try await group.reduce(into: [StoreResult]()) { $0.append($1) }
    }
    let inOrder = results.sorted { $0.leafIndex < $1.leafIndex }
    #expect(inOrder.map(\.leafIndex) == Array(0..<8))
    let root = try MerkleTree(depth: 20, leaves: inOrder.map(\.commitment)).root
    #expect(inOrder.last?.root == root)
    #expect(try bed.keys("memory:names").count == 1)
    for result in results {
      let verified = try await bed.store.verify(MemoryReference(user: "u", memoryID: result.memoryID))
      #expect(verified.valid && verified.root == root)
    }
  }

  @Test("the same job in two places at once stores one memory")
  func sameJob() async throws {
    let bed = try MemoryBed()
    let other = try bed.another()
    let request = StoreRequest(user: "u", content: "c")
    let racing = MemoryStore(
      redis: InterferingLink(try BlockingLink(bed.server), before: "memory_store") { _ in
        _ = try await other.store(request, job: try job(1))
      }, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let one = try await racing.store(request, job: try job(1))
    let two = try await other.store(request, job: try job(1))
    #expect(one == two)
    #expect(try bed.server.command("ZCARD", try bed.key("}:ids")).int == 1)
  }

  @Test("a memory that is forgotten while it is forgotten is forgotten once")
  func forgets() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "c", memoryID: "m"), job: try job(1))
    let request = ForgetRequest(user: "u", memoryID: "m")
    let racing = MemoryStore(
      redis: InterferingLink(try BlockingLink(bed.server), before: "memory_forget") { _ in
        _ = try await bed.store.forget(request, job: try job(2))
      }, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let one = try await racing.forget(request, job: try job(3))
    let again = try await bed.store.forget(request, job: try job(4))
    #expect(one == again)
    #expect(one.forgotten == 1)
  }

  @Test("a store that meets the forgetting of its user starts over with a new key")
  func storeMeetsErasure() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "old", memoryID: "old"), job: try job(1))
    let racing = MemoryStore(
      redis: InterferingLink(try BlockingLink(bed.server), before: "memory_store") { call in
        guard call == 0 else { return }
        _ = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(2))
      }, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let result = try await racing.store(StoreRequest(user: "u", content: "new"), job: try job(3))
    #expect(result.leafIndex == 1, "places are never used again")
    #expect(try bed.server.command("HGET", try bed.key("}:key"), "version").text == "2")
    #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: result.memoryID)).content == "new")
    #expect(try await bed.store.verify(MemoryReference(user: "u", memoryID: result.memoryID)).valid)
  }

  @Test("an erasure that meets a store takes the new memory too")
  func erasureMeetsStore() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "old", memoryID: "old"), job: try job(1))
    let racing = MemoryStore(
      redis: InterferingLink(try BlockingLink(bed.server), before: "memory_forget_user") { call in
        guard call == 0 else { return }
        _ = try await bed.store.store(StoreRequest(user: "u", content: "new", memoryID: "new"), job: try job(2))
      }, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let result = try await racing.forget(ForgetRequest(user: "u"), job: try job(3))
    #expect(result.forgotten == 2)
    #expect(try bed.keys("}:memory:") == [])
  }

  @Test("who never gets through gives up with an error that may be retried, and has written nothing")
  func busy() async throws {
    let bed = try MemoryBed()
    let link = InterferingLink(try BlockingLink(bed.server), before: "memory_store") { call in
      _ = try await bed.store.store(StoreRequest(user: "u", content: "\(call)"), job: try job(call))
    }
    let racing = MemoryStore(
      redis: link, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let error = await failure {
      try await racing.store(StoreRequest(user: "u", content: "c", memoryID: "m"), job: try job(99))
    }
    #expect(error == .busy(attempts: MemoryLimits.attempts))
    #expect(error?.isRetryable == true)
    #expect(link.count == MemoryLimits.attempts)
    #expect(await failure { try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")) } == .notFound)
  }
}
