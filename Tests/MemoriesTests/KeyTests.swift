import Jobs
import Memories
import RedisWire
import Sealing
import TestSupport
import Testing

@Suite("ENCRYPTION_KEY, right, wrong and changed")
struct KeyTests {
  private static let other = SecretBytes(copying: (0..<32).map { UInt8($0 * 11 % 253) })

  @Test("under a wrong key nothing opens, nothing is found, nothing is begun anew")
  func wrong() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "c", memoryID: "m"), job: try job(1))
    let keys = try bed.keys()
    let wrong = try bed.another(key: Self.other)
    let errors = [
      await failure { try await wrong.recall(MemoryReference(user: "u", memoryID: "m")) },
      await failure { try await wrong.verify(MemoryReference(user: "u", memoryID: "m")) },
      await failure { try await wrong.store(StoreRequest(user: "w", content: "c"), job: try job(2)) },
      await failure { try await wrong.forget(ForgetRequest(user: "u", memoryID: "m"), job: try job(3)) },
      await failure { try await wrong.forget(ForgetRequest(user: "u"), job: try job(4)) },
    ]
    for error in errors {
      #expect(error?.code == "memory_unreadable")
      #expect(error?.isRetryable == false)
      #expect(error?.description.contains("ENCRYPTION_KEY") == true)
    }
    #expect(try bed.keys() == keys)
    #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")).content == "c")
  }

  @Test("a previous key still opens, and a store wraps anew what it touches")
  func previous() async throws {
    let bed = try MemoryBed()
    for user in ["u", "v"] {
      _ = try await bed.store.store(StoreRequest(user: user, content: "old", memoryID: "m"), job: try job(1))
    }
    let both = try bed.another(key: Self.other, previous: [MemoryBed.master])
    #expect(try await both.recall(MemoryReference(user: "u", memoryID: "m")).content == "old")
    #expect(try await both.verify(MemoryReference(user: "v", memoryID: "m")).valid)
    #expect(
      try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")).content == "old",
      "reading wraps nothing anew"
    )
    _ = try await both.store(StoreRequest(user: "u", content: "new", memoryID: "n"), job: try job(2))
    let changed = try bed.another(key: Self.other)
    for (id, content) in [("m", "old"), ("n", "new")] {
      #expect(try await changed.recall(MemoryReference(user: "u", memoryID: id)).content == content)
    }
    let error = await failure { try await changed.recall(MemoryReference(user: "v", memoryID: "m")) }
    #expect(error == .unreadable(part: "user's key"), "nothing was written for v since")
    #expect(try await both.recall(MemoryReference(user: "v", memoryID: "m")).content == "old")
  }

  @Test("the user's key keeps its version and its time when it is wrapped anew")
  func rewrap() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "old"), job: try job(1))
    let key = try bed.key("}:key")
    let before = try bed.server.command("HGETALL", key).fields
    let both = try bed.another(key: Self.other, previous: [MemoryBed.master])
    _ = try await both.store(StoreRequest(user: "u", content: "new"), job: try job(2))
    let after = try bed.server.command("HGETALL", key).fields
    #expect(before["wrapped"] != after["wrapped"])
    #expect(before["version"] == after["version"] && before["created_ms"] == after["created_ms"])
    _ = try await both.store(StoreRequest(user: "u", content: "newer"), job: try job(3))
    #expect(try bed.server.command("HGETALL", key).fields == after, "once is enough")
  }

  @Test("a store that ran before notices that Redis was emptied")
  func emptied() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "old"), job: try job(1))
    try bed.server.command("FLUSHALL")
    _ = try await bed.another().store(StoreRequest(user: "u", content: "other", memoryID: "m"), job: try job(2))
    #expect(try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")).content == "other")
  }

  @Test("equal tags of two users have different indexes, equal tags of one user the same")
  func indexes() async throws {
    let bed = try MemoryBed()
    for (number, tags) in [["Tax  Return", "b"], ["tax return "]].enumerated() {
      _ = try await bed.store.store(StoreRequest(user: "u", content: "c", tags: tags), job: try job(number))
    }
    let mine = try bed.keys("}:tag:")
    #expect(mine.count == 2)
    let sizes = try mine.map { try bed.server.command("SCARD", $0).int ?? 0 }.sorted()
    #expect(sizes == [1, 2])
    _ = try await bed.store.store(StoreRequest(user: "v", content: "c", tags: ["tax return"]), job: try job(9))
    let all = try bed.keys("}:tag:").map { $0.suffix(32) }
    #expect(Set(all).count == 3)
  }

  @Test("errors say nothing of keys and have a code, a remedy and a verdict")
  func errors() {
    let all: [MemoryError] = [
      .invalidPayload([]), .unknownKind, .notFound, .exists, .forgotten, .unreadable(part: "x"), .treeDamaged,
      .full(limit: 1), .busy(attempts: 1), .storeUnavailable(.timeout(sent: true)), .outOfMemory,
      .unexpectedReply(script: "s", detail: "d"), .sealing(code: "c"), .cancelled,
    ]
    #expect(Set(all.map(\.code)).count == all.count)
    let retried = all.filter(\.isRetryable).map(\.code)
    #expect(retried == ["memory_busy", "store_unavailable", "store_full", "seal_failed", "cancelled"])
  }
}
