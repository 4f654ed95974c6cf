public import Proofs

/// What a proof about one memory needs, all of one instant: the opening of its commitment and the way to the root.
///
/// Everything in it but commitment, nullifier and root is private; it describes itself without any of it.
public struct MemoryWitness: Sendable, Equatable {
  /// SHA-512 of the content modulo r.
  public var contentHash: Fr
  /// What blinds the commitment.
  public var salt: Fr
  /// The flags that the commitment binds.
  public var category: MemoryCategory
  /// Which of the user's keys the memory lies under, from 1.
  public var keyVersion: Int
  /// 1 for a memory that is kept.
  public var status: Int
  /// Poseidon(1, content hash, salt, flags, key version, status): the leaf.
  public var commitment: Fr
  /// What forgetting the memory will publish.
  public var nullifier: Fr
  /// The leaf's place and its neighbours up to the root.
  public var path: MerklePath
  /// The root of the user's tree at that instant.
  public var root: Fr
  /// When it was read, Unix ms of Redis.
  public var nowMs: Int64

  /// Takes the parts as they are; `MemoryStore.witness(of:)` checks them.
  public init(
    contentHash: Fr, salt: Fr, category: MemoryCategory, keyVersion: Int, status: Int, commitment: Fr, nullifier: Fr,
    path: MerklePath, root: Fr, nowMs: Int64
  ) {
    self.contentHash = contentHash
    self.salt = salt
    self.category = category
    self.keyVersion = keyVersion
    self.status = status
    self.commitment = commitment
    self.nullifier = nullifier
    self.path = path
    self.root = root
    self.nowMs = nowMs
  }
}

extension MemoryWitness: CustomStringConvertible, CustomReflectable {
  /// The name alone.
  public var description: String { "MemoryWitness(redacted)" }

  /// Empty, so that `dump` has nothing to show.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
