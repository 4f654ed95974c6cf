import Memories
import Proofs
import TestSupport
import Testing

@Suite("The witness of a memory for proofs")
struct WitnessTests {
  private static let reference = MemoryReference(user: "u", memoryID: "m")
  private static let request = StoreRequest(
    user: "u", content: "the content", category: MemoryCategory(finance: true, personal: true), memoryID: "m")

  /// Two memories before it, so that its path turns both ways.
  private func bed() async throws -> MemoryBed {
    let bed = try MemoryBed()
    for number in 1...2 {
      _ = try await bed.store.store(
        StoreRequest(user: "u", content: "other \(number)", memoryID: "o\(number)"), job: try job(number))
    }
    _ = try await bed.store.store(Self.request, job: try job(3))
    return bed
  }

  @Test("its parts open the commitment, lead to the root and give the nullifier, hashed here")
  func holds() async throws {
    let bed = try await bed()
    let witness = try await bed.store.witness(of: Self.reference)
    #expect(witness.category == MemoryCategory(finance: true, personal: true))
    #expect(witness.contentHash == (try MemoryCommitment.contentHash(Array("the content".utf8))))
    #expect(witness.status == 1 && witness.keyVersion == 1)
    let commitment = try Poseidon.hash([1, witness.contentHash, witness.salt, 5, 1, 1])
    #expect(witness.commitment == commitment)
    #expect(witness.nullifier == (try Poseidon.hash([2, commitment, witness.salt])))
    #expect(witness.path.index == 2 && witness.path.siblings.count == 20)
    #expect(witness.path.root(of: commitment) == witness.root)
    let verified = try await bed.store.verify(Self.reference)
    #expect(verified.commitment == commitment && verified.root == witness.root)
    #expect(witness.nowMs > 1_600_000_000_000)
  }

  @Test("the nullifier is the one that forgetting publishes, and then there is no witness")
  func nullifier() async throws {
    let bed = try await bed()
    let witness = try await bed.store.witness(of: Self.reference)
    let forgotten = try await bed.store.forget(ForgetRequest(user: "u", memoryID: "m"), job: try job(4))
    #expect(forgotten.nullifiers == [witness.nullifier])
    #expect(await failure { try await bed.store.witness(of: Self.reference) } == .notFound)
  }

  @Test("an unknown user or memory is not found")
  func unknown() async throws {
    let bed = try await bed()
    for reference in [MemoryReference(user: "x", memoryID: "m"), MemoryReference(user: "u", memoryID: "x")] {
      #expect(await failure { try await bed.store.witness(of: reference) } == .notFound)
    }
    let empty = try MemoryBed()
    #expect(await failure { try await empty.store.witness(of: Self.reference) } == .notFound)
  }

  @Test(
    "a path that does not lead to the root gives no witness",
    arguments: [("root", "7"), ("1:0", String(repeating: "\u{1}", count: 32))])
  func damagedTree(field: String, value: String) async throws {
    let bed = try await bed()
    let tree = try bed.key("}:tree")
    try bed.setField(tree, field, Array(value.utf8))
    #expect(
      await failure { try await bed.store.witness(of: Self.reference) }
        == .unreadable(part: "memory's path to the root"))
  }

  @Test("a key of another version than the one that was committed to gives no witness")
  func keyVersion() async throws {
    let bed = try await bed()
    try bed.setField(try bed.key("}:key"), "version", Array("2".utf8))
    let error = await failure { try await bed.store.witness(of: Self.reference) }
    #expect(error?.code == "memory_unreadable")
  }

  @Test("nothing of it shows when it is printed, interpolated or dumped")
  func redacted() async throws {
    let bed = try await bed()
    let witness = try await bed.store.witness(of: Self.reference)
    var dumped = ""
    dump(witness, to: &dumped)
    for text in ["\(witness)", String(reflecting: witness), dumped] {
      #expect(!text.contains(witness.salt.decimal) && !text.contains("finance"), "\(text)")
    }
  }
}
