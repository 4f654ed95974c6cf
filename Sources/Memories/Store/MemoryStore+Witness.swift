internal import Proofs

extension MemoryStore {
  /// Opens a memory for a proof about it: the opening of its commitment, its nullifier and the way of its leaf.
  ///
  /// A witness that does not hold would only fail later, in the prover; so the commitment is computed anew from the
  /// content, and the path is followed to the root.
  ///
  /// - Throws: `notFound`, `unreadable` (also when commitment or path do not hold), `storeUnavailable`.
  /// - Complexity: 22 hashes.
  /// - Redis: `memory_read.lua`.
  public func witness(of reference: MemoryReference) async throws(MemoryError) -> MemoryWitness {
    let (view, opened) = try await open(reference.memoryID, of: reference.user, withPath: true)
    let metadata = opened.metadata
    let contentHash = try MemoryCommitment.contentHash(opened.content)
    let commitment = MemoryCommitment.commitment(
      contentHash: contentHash, salt: metadata.salt, category: metadata.category, keyVersion: view.key.version,
      status: metadata.status)
    guard commitment == metadata.commitment else { throw .unreadable(part: "memory's commitment") }
    guard view.tree.holds(commitment, at: metadata.leafIndex) else {
      throw .unreadable(part: "memory's path to the root")
    }
    let path: MerklePath
    do throws(ProofsError) {
      path = try MerklePath(index: metadata.leafIndex, siblings: view.tree.siblings)
    } catch {
      throw .unreadable(part: "memory's path to the root")
    }
    return MemoryWitness(
      contentHash: contentHash, salt: metadata.salt, category: metadata.category, keyVersion: view.key.version,
      status: metadata.status, commitment: commitment,
      nullifier: MemoryCommitment.nullifier(commitment: commitment, salt: metadata.salt), path: path,
      root: view.tree.root, nowMs: view.nowMs)
  }
}
