import Foundation
@testable import Memories
import Proofs
import Sealing
import TestSupport
import Testing

@Suite("What Redis and its files show")
struct PrivacyTests {
  /// Whether a file of the server's folder holds `text`; the append-only file and the snapshot are among them.
  private func files(of bed: MemoryBed, holding text: String) throws -> [String] {
    let folder = bed.server.dataFolder
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return all.filter { name in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return false }
      return data.range(of: Data(text.utf8)) != nil
    }
  }

  @Test("no file holds a content, a tag, a user or a memory's id")
  func canaries() async throws {
    var options = RedisServer.Options.durable
    options.settings = ["--rdbcompression", "no", "--aof-use-rdb-preamble", "no"]
    let bed = try MemoryBed(options)
    let request = StoreRequest(
      user: "canary-user-81", content: "canary-content-82", tags: ["canary-tag-83"], confidence: 0.8437,
      memoryID: "canary-id-84")
    _ = try await bed.store.store(request, job: try job(1))
    _ = try await bed.store.verify(MemoryReference(user: request.user, memoryID: "canary-id-84"))
    try bed.server.command("SAVE")
    let found = try files(of: bed, holding: "}:memory:")
    #expect(found.contains { $0.hasSuffix(".rdb") } && found.contains { $0.hasSuffix(".aof") }, "\(found)")
    for canary in ["canary", "0.8437"] { #expect(try files(of: bed, holding: canary) == []) }
    _ = try await bed.store.forget(ForgetRequest(user: request.user, memoryID: "canary-id-84"), job: try job(2))
    _ = try await bed.store.forget(ForgetRequest(user: request.user), job: try job(3))
    try bed.server.command("SAVE")
    for canary in ["canary", "0.8437"] { #expect(try files(of: bed, holding: canary) == []) }
  }

  @Test("after a user was forgotten, the sealed record from a backup opens under nothing that Redis still holds")
  func shredding() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "secret", memoryID: "m"), job: try job(1))
    let memory = try bed.key("}:memory:")
    let dump = try #require(try payload(bed.server.command("DUMP", memory)))
    let seal = try await self.seal(of: "m", user: "u", in: bed)
    let sealed = try #require(try bed.field(memory, "content"))
    let dataKey = try seal.dataKey(
      RecordSeal.Parts(content: [], metadata: [], key: try #require(try bed.field(memory, "key"))))
    #expect(try SealedField.open(sealed, key: dataKey, seal.binding("content"), part: "") == Array("secret".utf8))
    _ = try await bed.store.forget(ForgetRequest(user: "u"), job: try job(2))
    _ = try await bed.store.store(StoreRequest(user: "u", content: "later", memoryID: "n"), job: try job(3))
    // Somebody restores the record, but not the user's key.
    let restore = ["RESTORE", memory, "0"].map { Array($0.utf8) } + [dump]
    #expect(try bed.server.command(bytes: restore) == .simple("OK"))
    let error = await failure { try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")) }
    #expect(error?.code == "memory_unreadable")
    try bed.setField(memory, "key_version", Array("2".utf8))
    let forged = await failure { try await bed.store.recall(MemoryReference(user: "u", memoryID: "m")) }
    #expect(forged?.code == "memory_unreadable")
    // And no 32 bytes that Redis holds are the data key that opened it above.
    let candidates = try everyKeyLength(in: bed)
    #expect(candidates.count > 100)
    for candidate in candidates {
      #expect(throws: MemoryError.unreadable(part: "content")) {
        try SealedField.open(
          sealed, key: SecretBytes(copying: candidate), seal.binding("content"), part: "content")
      }
    }
  }

  /// What opens the record, by the way that the store takes.
  private func seal(of id: String, user: String, in bed: MemoryBed) async throws -> RecordSeal {
    let names = try #require(try await bed.store.names())
    let place = try MemoryPlace(id, of: user, names: names, keys: bed.store.keys)
    let key = try await bed.store.view(place, withPath: false).key.open(bed.store.ring, user: place.user)
    return place.seal(key)
  }

  @Test("after a memory was forgotten, its record is nowhere in Redis")
  func oneShredded() async throws {
    let bed = try MemoryBed()
    _ = try await bed.store.store(StoreRequest(user: "u", content: "secret", memoryID: "m"), job: try job(1))
    _ = try await bed.store.store(StoreRequest(user: "u", content: "other", memoryID: "n"), job: try job(2))
    let kept = try bed.keys("}:memory:")
    let mine = try #require(
      try kept.first { key in try bed.server.command("HGET", key, "leaf").text == "0" })
    let parts = try ["content", "metadata", "key"].map { try #require(try bed.field(mine, $0)) }
    _ = try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m"), job: try job(3))
    for key in try bed.keys() {
      let dump = try #require(try payload(bed.server.command("DUMP", key)))
      for part in parts { #expect(Data(dump).range(of: Data(part.suffix(16))) == nil, "\(key)") }
    }
  }

  private func payload(_ reply: RedisReply) -> [UInt8]? {
    if case .bulk(let bytes) = reply { return bytes }
    return nil
  }

  /// Every run of 32 bytes in every hash value that is not part of the sealed record itself.
  private func everyKeyLength(in bed: MemoryBed) throws -> [[UInt8]] {
    var runs: [[UInt8]] = []
    for key in try bed.keys() where try bed.server.command("TYPE", key).text == "hash" {
      for value in try bed.server.command("HVALS", key).elements {
        guard let bytes = payload(value), bytes.count >= 32 else { continue }
        for start in 0...(bytes.count - 32) { runs.append(Array(bytes[start..<start + 32])) }
      }
    }
    return runs
  }
}
