import Memories
import Proofs
import Sealing
import TestSupport
import Testing

@Suite("Commitments, nullifiers and their parts")
struct CommitmentTests {
  /// SHA-512 of the bytes modulo r, by schoolbook long division over decimal digits' binary: shares nothing with `Fr`.
  private func contentHash(_ text: String) throws -> Fr {
    let digest = try Digest.sha512.hash(Array(text.utf8))
    var value: Fr = 0
    for byte in digest { value = value * 256 + Fr(UInt64(byte)) }
    return value
  }

  @Test("SHA-512 modulo r is that of Python's integers")
  func hash() throws {
    // int.from_bytes(hashlib.sha512(b"...").digest(), "big") % r
    let known = [
      ("abc", "18790163955813400421407805746549289286588066417030292589070960465901475269347"),
      ("Zażółć 🙂", "12114209060704552202368955677441957257603336523026833548933120696551214836799"),
    ]
    for (text, number) in known {
      #expect(try MemoryCommitment.contentHash(Array(text.utf8)).decimal == number)
      #expect(try contentHash(text).decimal == number)
    }
  }

  @Test("a commitment is Poseidon(1, content hash, salt, flags, key version, status)")
  func commitment() throws {
    let hash = try contentHash("abc")
    for bits in 0...7 {
      let category = MemoryCategory(finance: bits & 1 != 0, health: bits & 2 != 0, personal: bits & 4 != 0)
      let expected = try Poseidon.hash([1, hash, 42, Fr(UInt64(bits)), 3, 1])
      #expect(
        MemoryCommitment.commitment(contentHash: hash, salt: 42, category: category, keyVersion: 3) == expected)
    }
    let other = MemoryCommitment.commitment(
      contentHash: hash, salt: 42, category: MemoryCategory(), keyVersion: 3, status: 2)
    #expect(try other == Poseidon.hash([1, hash, 42, 0, 3, 2]))
  }

  @Test("a nullifier is Poseidon(2, commitment, salt)")
  func nullifier() throws {
    #expect(try MemoryCommitment.nullifier(commitment: 12, salt: 34) == Poseidon.hash([2, 12, 34]))
  }

  @Test("commitment and nullifier have the values that an independent Poseidon gives")
  func knownAnswer() throws {
    // By a Poseidon in Python's integers that agrees with circomlibjs on (1,2,3,4,5,6), and hashlib.
    let hash = try MemoryCommitment.contentHash(Array("abc".utf8))
    let commitment = MemoryCommitment.commitment(
      contentHash: hash, salt: 42, category: MemoryCategory(health: true), keyVersion: 1)
    #expect(commitment.decimal == "18239113969769150468069368435945406718923175373564350799855773492518535458259")
    #expect(
      MemoryCommitment.nullifier(commitment: commitment, salt: 42).decimal
        == "19297462269866626797068889986522400188522293703662757256267951706669225634695")
  }

  @Test("the stored commitment is the leaf, and the root that of a tree with it")
  func leaf() async throws {
    let bed = try MemoryBed()
    let first = try await bed.store.store(StoreRequest(user: "u", content: "a"), job: try job(1))
    let second = try await bed.store.store(StoreRequest(user: "u", content: "b"), job: try job(2))
    var tree = try MerkleTree(depth: 20)
    try tree.append(first.commitment)
    #expect(first.root == tree.root)
    try tree.append(second.commitment)
    #expect(second.root == tree.root)
    let key = try bed.key("}:tree")
    #expect(try bed.field(key, "0:0") == first.commitment.bigEndianBytes)
    #expect(try bed.server.command("HGET", key, "root").text == tree.root.decimal)
  }
}
