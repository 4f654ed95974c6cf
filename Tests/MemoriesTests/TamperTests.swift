import Memories
import Proofs
import TestSupport
import Testing

@Suite("Tampering with what is stored")
struct TamperTests {
  private static let request = StoreRequest(
    user: "u", content: "the content", tags: ["a", "b"], category: MemoryCategory(personal: true), confidence: 0.5,
    memoryID: "m")

  private func operations(_ store: MemoryStore) async -> [MemoryError?] {
    [
      await failure { try await store.recall(MemoryReference(user: "u", memoryID: "m")) },
      await failure { try await store.verify(MemoryReference(user: "u", memoryID: "m")) },
      await failure { try await store.store(Self.request, job: try job(2)) },
    ]
  }

  private func isUnreadable(_ error: MemoryError?) -> Bool {
    error?.code == "memory_unreadable" && error?.isRetryable == false
  }

  private func expectUnreadable(_ bed: MemoryBed, _ what: String) async {
    for error in await operations(bed.store) { #expect(isUnreadable(error), "\(what): \(error?.code ?? "none")") }
  }

  @Test("a flipped bit in any byte of a sealed part is refused", arguments: ["content", "metadata", "key"])
  func bits(_ field: String) async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(Self.request, job: try job(1))
    let key = try bed.key("}:memory:")
    let good = try #require(try bed.field(key, field))
    for place in good.indices {
      var bad = good
      bad[place] ^= 1 << UInt8(place % 8)
      try bed.setField(key, field, bad)
      let error = await failure { try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")) }
      #expect(isUnreadable(error), "byte \(place) of \(field)")
    }
    for bad in [[], Array(good.dropLast()), good + [0], Array(good.dropFirst())] {
      try bed.setField(key, field, bad)
      await expectUnreadable(bed, field)
    }
    try bed.setField(key, field, good)
    #expect(await operations(bed.store) == [nil, nil, nil])
  }

  @Test(
    "a changed open field is refused",
    arguments: [
      ("leaf", "1"), ("leaf", "x"), ("leaf", "-1"), ("leaf", "1048576"), ("commitment", "5"), ("commitment", "x"),
      ("created_ms", "1"), ("created_ms", "99999999999999999999"), ("key_version", "2"), ("status", "2"),
      ("schema", "2"), ("tags", ""), ("tags", String(repeating: "0", count: 64)), ("tags", "odd"),
    ])
  func openFields(_ field: String, _ value: String) async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(Self.request, job: try job(1))
    try bed.setField(try bed.key("}:memory:"), field, Array(value.utf8))
    await expectUnreadable(bed, "\(field)=\(value)")
    let error = await failure { try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m"), job: try job(3)) }
    #expect(isUnreadable(error))
  }

  @Test("a missing field is refused")
  func missing() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(Self.request, job: try job(1))
    let key = try bed.key("}:memory:")
    let fields = try bed.server.command("HKEYS", key).elements.compactMap(\.text)
    #expect(fields.count == 10)
    for field in fields {
      let good = try #require(try bed.field(key, field))
      try bed.server.command("HDEL", key, field)
      await expectUnreadable(bed, "without \(field)")
      try bed.setField(key, field, good)
    }
    #expect(await operations(bed.store) == [nil, nil, nil])
  }

  @Test("no sealed part opens in the place of another memory's or another user's")
  func swaps() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(Self.request, job: try job(1))
    let mine = try bed.key("}:memory:")
    let myKey = try bed.key("}:key")
    var same = Self.request
    same.memoryID = "n"
    _ = try await bed.store.store(same, job: try job(1))
    let neighbour = try #require(try bed.keys("}:memory:").first { $0 != mine })
    same.user = "v"
    same.memoryID = "m"
    _ = try await bed.store.store(same, job: try job(1))
    let stranger = try #require(try bed.keys("}:memory:").first { $0 != mine && $0 != neighbour })
    let strangersKey = try #require(try bed.keys("}:key").first { $0 != myKey })
    let fields = ["content", "metadata", "key"]
    for other in [neighbour, stranger] {
      let good = try fields.map { try #require(try bed.field(mine, $0)) }
      // Each part alone, and the whole record.
      for field in fields {
        let before = try #require(try bed.field(mine, field))
        try bed.setField(mine, field, try #require(try bed.field(other, field)))
        let error = await failure { try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")) }
        #expect(isUnreadable(error), "\(field) of \(other)")
        try bed.setField(mine, field, before)
      }
      for field in fields { try bed.setField(mine, field, try #require(try bed.field(other, field))) }
      await expectUnreadable(bed, "all of \(other)")
      for (field, value) in zip(fields, good) { try bed.setField(mine, field, value) }
    }
    try bed.setField(myKey, "wrapped", try #require(try bed.field(strangersKey, "wrapped")))
    await expectUnreadable(bed, "a stranger's key")
  }

  @Test("a changed or missing key of the user is refused, and never replaced by a new one")
  func userKey() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(Self.request, job: try job(1))
    let key = try bed.key("}:key")
    let good = try #require(try bed.field(key, "wrapped"))
    try bed.setField(key, "version", Array("2".utf8))
    await expectUnreadable(bed, "version")
    try bed.setField(key, "version", Array("x".utf8))
    await expectUnreadable(bed, "version")
    try bed.setField(key, "version", Array("1".utf8))
    try bed.setField(key, "wrapped", Array(good.reversed()))
    await expectUnreadable(bed, "wrapped")
    let fresh = StoreRequest(user: "u", content: "new")
    #expect(isUnreadable(await failure { try await bed.store.store(fresh, job: try job(5)) }))
    try bed.server.command("HDEL", key, "wrapped")
    await expectUnreadable(bed, "no key")
  }

  @Test("a key of another type is an error of the store, and nothing is written")
  func types() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(Self.request, job: try job(1))
    let before = try bed.server.command("HGETALL", try bed.key("}:tree")).fields
    for part in ["}:ids", "}:roots"] {
      let key = try bed.key(part)
      try bed.server.command("RENAME", key, "aside")
      try bed.server.command("SET", key, "x")
      let error = await failure {
        try await bed.store.store(StoreRequest(user: "u", content: "new"), job: try job(5))
      }
      #expect(error?.code == "store_unavailable", "\(part): \(error?.code ?? "none")")
      try bed.server.command("RENAME", "aside", key)
    }
    #expect(try bed.server.command("HGETALL", try bed.key("}:tree")).fields == before)
  }
}
