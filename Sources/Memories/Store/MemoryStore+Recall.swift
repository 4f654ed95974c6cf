internal import Proofs

extension MemoryStore {
  /// Opens a memory.
  ///
  /// - Throws: `notFound`, `unreadable`, `storeUnavailable`.
  /// - Redis: `memory_read.lua`.
  public func recall(_ request: MemoryReference) async throws(MemoryError) -> RecallResult {
    let (_, opened) = try await open(request.memoryID, of: request.user, withPath: false)
    guard let content = String(validating: opened.content, as: UTF8.self) else {
      throw .unreadable(part: "memory's content")
    }
    let metadata = opened.metadata
    return RecallResult(
      memoryID: metadata.id, content: content, tags: metadata.tags, category: metadata.category,
      confidence: metadata.confidence, createdMs: metadata.createdMs)
  }

  /// Computes a memory's commitment anew from its content, and follows its leaf's path to the root of the user's tree.
  ///
  /// The path is followed by `MerklePath`, which shares nothing with what changes the tree.
  ///
  /// - Throws: `notFound`, `unreadable`, `storeUnavailable`.
  /// - Complexity: 21 hashes.
  /// - Redis: `memory_read.lua`.
  public func verify(_ request: MemoryReference) async throws(MemoryError) -> VerifyResult {
    let (view, opened) = try await open(request.memoryID, of: request.user, withPath: true)
    let metadata = opened.metadata
    let commitment = MemoryCommitment.commitment(
      contentHash: try MemoryCommitment.contentHash(opened.content), salt: metadata.salt, category: metadata.category,
      keyVersion: view.key.version, status: metadata.status)
    let included = view.tree.holds(metadata.commitment, at: metadata.leafIndex)
    return VerifyResult(
      valid: included && commitment == metadata.commitment, commitment: commitment, root: view.tree.root,
      included: included)
  }

  func open(
    _ id: String, of user: String, withPath: Bool
  ) async throws(MemoryError) -> (MemoryView, StoredMemory.Opened) {
    guard let names = try await names() else { throw .notFound }
    let place = try MemoryPlace(id, of: user, names: names, keys: keys)
    let view = try await view(place, withPath: withPath)
    guard let memory = try view.memory() else { throw .notFound }
    return (view, try memory.open(place.seal(try view.key.open(ring, user: place.user))))
  }
}
