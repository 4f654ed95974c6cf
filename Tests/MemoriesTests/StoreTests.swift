import Foundation
import Jobs
@testable import Memories
import Proofs
import TestSupport
import Testing

@Suite("Storing, recalling, verifying")
struct StoreTests {
  @Test(
    "what was stored comes back to the byte",
    arguments: [
      "a", "two\nlines\u{0}and a NUL", "Zażółć gęślą jaźń", "e\u{301} and é", "👩‍👩‍👧‍👦 🏳️‍🌈",
      "\u{FEFF}\u{202E}mirrored",
      String(repeating: "0123456789abcdef", count: 65_536),
    ])
  func roundTrip(_ content: String) async throws {
    let bed = try MemoryBed()
    let stored = try await bed.store.store(
      StoreRequest(
        user: "ann", content: content, tags: ["Tax", "ÄRZTE", "tax"],
        category: MemoryCategory(finance: true, health: true), confidence: 0.1), job: try job(1))
    #expect(stored.leafIndex == 0)
    let recalled = try await bed.store.recall(MemoryReference(user: "ann", memoryID: stored.memoryID))
    #expect(Array(recalled.content.utf8) == Array(content.utf8))
    #expect(recalled.tags == ["Tax", "ÄRZTE", "tax"])
    #expect(recalled.category == MemoryCategory(finance: true, health: true))
    #expect(recalled.confidence == 0.1)
    #expect(recalled.createdMs == stored.createdMs)
    let verified = try await bed.store.verify(MemoryReference(user: "ann", memoryID: stored.memoryID))
    #expect(
      verified
        == VerifyResult(valid: true, commitment: stored.commitment, root: stored.root, included: true))
  }

  @Test("the time is that of Redis")
  func time() async throws {
    let bed = try MemoryBed()
    func now() throws -> Int64 {
      let numbers = try bed.server.command("TIME").elements.compactMap { $0.int.map(Int64.init) }
      return numbers[0] * 1000 + numbers[1] / 1000
    }
    let before = try now()
    let stored = try await bed.store.store(StoreRequest(user: "u", content: "c"), job: try job(1))
    #expect((before...(try now())).contains(stored.createdMs))
  }

  @Test("a job that runs again answers the same and adds nothing")
  func again() async throws {
    let bed = try MemoryBed()
    let request = StoreRequest(user: "u", content: "c", tags: ["t"], confidence: 0.3)
    let first = try await bed.store.store(request, job: try job(1))
    _ = try await bed.store.store(StoreRequest(user: "u", content: "other"), job: try job(2))
    let second = try await bed.another().store(request, job: try job(1))
    #expect(first == second)
    #expect(try bed.server.command("HGET", try bed.key("}:tree"), "count").text == "2")
    let next = try await bed.store.store(request, job: try job(3))
    #expect(next.memoryID != first.memoryID)
    #expect(next.leafIndex == 2)
    #expect(next.commitment != first.commitment, "the salt hides that two memories say the same")
  }

  @Test(
    "an id that says something else is refused",
    arguments: [
      StoreRequest(user: "u", content: "other", tags: ["t"], memoryID: "m"),
      StoreRequest(user: "u", content: "c", tags: ["u"], memoryID: "m"),
      StoreRequest(user: "u", content: "c", tags: ["t"], category: MemoryCategory(health: true), memoryID: "m"),
      StoreRequest(user: "u", content: "c", tags: ["t"], confidence: 1, memoryID: "m"),
    ])
  func conflict(_ other: StoreRequest) async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(
      StoreRequest(user: "u", content: "c", tags: ["t"], memoryID: "m"), job: try job(1))
    let error = await failure { try await bed.store.store(other, job: try job(1)) }
    #expect(error == .exists)
    #expect(error?.code == "memory_exists")
    #expect(error?.isRetryable == false)
  }

  @Test("users do not see each other's memories, even of one id")
  func users() async throws {
    let bed = try MemoryBed()
    for user in ["ann", "bob"] {
      let result = try await bed.store.store(
        StoreRequest(user: user, content: "of \(user)", memoryID: "same"), job: try job(1))
      #expect(result.leafIndex == 0)
    }
    for user in ["ann", "bob"] {
      #expect(try await bed.store.recall(MemoryReference(user: user, memoryID: "same")).content == "of \(user)")
    }
    let error = await failure {
      try await bed.store.recall(MemoryReference(user: "eve", memoryID: "same"))
    }
    #expect(error == .notFound)
    #expect(error?.code == "memory_not_found")
  }

  @Test("on an empty Redis nothing is found and nothing is written by asking")
  func empty() async throws {
    let bed = try MemoryBed()
    let store = bed.store
    let errors = [
      await failure {
        try await store.recall(MemoryReference(user: "u", memoryID: "m"))
      },
      await failure {
        try await store.verify(MemoryReference(user: "u", memoryID: "m"))
      },
      await failure {
        try await store.forget(ForgetRequest(user: "u", memoryID: "m"), job: try job(1))
      },
    ]
    #expect(errors == [.notFound, .notFound, .notFound])
    #expect(try bed.keys() == [])
  }

  @Test("a job's payload becomes its result")
  func run() async throws {
    let bed = try MemoryBed()
    func run(_ kind: String, _ payload: String) async throws -> JSONTree {
      let request = try MemoryRequest(kind: try #require(KindName(kind)), payload: Array(payload.utf8))
      return try JSONTree(Data(try await bed.store.run(request, job: try job(9))))
    }
    let stored = try await run("memory.store", #"{"user":"u","content":"c","memory_id":"m"}"#)
    #expect(stored["memory_id"].string == "m")
    #expect(stored["leaf_index"].int == 0)
    let one = #"{"user":"u","memory_id":"m"}"#
    #expect(try await run("memory.recall", one)["content"].string == "c")
    #expect(try await run("memory.verify", one)["valid"].bool == true)
    #expect(try await run("memory.forget", one)["forgotten"].int == 1)
  }

  @Test("the keys of a user are those of the documentation and share a hash tag")
  func layout() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(
      StoreRequest(user: "u", content: "c", tags: ["A", "b", "a "], memoryID: "m"), job: try job(1))
    let keys = try bed.keys()
    let hex = "[0-9a-f]{32}"
    let expected = ["ids", "key", "memory:\(hex)", "roots", "tag:\(hex)", "tag:\(hex)", "tree"].map {
      "wc:\\{u\\.\(hex)\\}:\($0)"
    }
    let own = keys.filter { $0 != "wc:memory:names" }
    #expect(own.count == keys.count - 1)
    #expect(own.count == expected.count, "\(own)")
    for (key, pattern) in zip(own, expected) {
      #expect(key.range(of: "^\(pattern)$", options: .regularExpression) != nil, "\(key)")
    }
    #expect(Set(own.map { $0.prefix(40) }).count == 1)
    #expect(try bed.server.command("PTTL", try bed.key(":roots")).int ?? 0 > 86_000_000)
  }

  @Test("everything works on a cluster, where a user's keys must be one slot")
  func cluster() async throws {
    let bed = try MemoryBed(.cluster)
    for number in 1...3 {
      _ = try await bed.store.store(
        StoreRequest(user: "u\(number)", content: "c", tags: ["t"], memoryID: "m"), job: try job(1))
    }
    let one = try await bed.store.forget(ForgetRequest(user: "u1", memoryID: "m"), job: try job(1))
    let all = try await bed.store.forget(ForgetRequest(user: "u2"), job: try job(1))
    #expect(one.forgotten == 1 && all.forgotten == 1)
    #expect(try await bed.store.verify(MemoryReference(user: "u3", memoryID: "m")).valid)
  }
}
