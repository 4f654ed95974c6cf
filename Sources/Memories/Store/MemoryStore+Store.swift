public import Jobs
internal import Proofs
internal import RedisWire
internal import Sealing

extension MemoryStore {
  /// Seals a memory and adds its commitment to the user's tree.
  ///
  /// A memory of the same id that says the same is answered as it was when it was stored, so a repeated job is
  /// harmless.
  ///
  /// - Parameter job: gives the memory its id when the request has none.
  /// - Throws: `exists`, `forgotten`, `full`, `treeDamaged`, `unreadable`, `busy`, `storeUnavailable`, `outOfMemory`.
  /// - Complexity: 41 hashes, and two round trips of Redis when nobody else writes for the user.
  /// - Redis: `memory_read.lua`, `memory_store.lua`.
  public func store(_ request: StoreRequest, job: JobID) async throws(MemoryError) -> StoreResult {
    let id = if let given = request.memoryID { given } else { try Self.memoryID(of: job) }
    let place = try MemoryPlace(id, of: request.user, names: try await namesForWriting(), keys: keys)
    let content = Array(request.content.utf8)
    let contentHash = try MemoryCommitment.contentHash(content)
    return try await repeated { () async throws(MemoryError) -> StoreResult? in
      let view = try await self.view(place, withPath: true)
      guard view.nullifier == nil else { throw .forgotten }
      if let there = try view.memory() {
        let opened = try there.open(place.seal(try view.key.open(self.ring, user: place.user)))
        guard opened.says(request, content: content) else { throw .exists }
        return StoreResult(opened.metadata)
      }
      guard view.memories < MemoryLimits.memoriesPerUser else { throw .full(limit: MemoryLimits.memoriesPerUser) }
      guard view.tree.count < MemoryLimits.leavesPerUser else { throw .full(limit: MemoryLimits.leavesPerUser) }
      // What is built on a damaged tree would prove nothing; the free place must lead to the root.
      guard view.tree.holds(.zero, at: view.tree.count) else { throw .treeDamaged }
      let (key, put) = try view.key.openForWriting(self.ring, user: place.user)
      let salt = try MemoryCommitment.randomSalt()
      let commitment = MemoryCommitment.commitment(
        contentHash: contentHash, salt: salt, category: request.category, keyVersion: key.version)
      let change = TreeChange(placing: commitment, at: view.tree.count, siblings: view.tree.siblings)
      let metadata = MemoryMetadata(
        id: id, tags: request.tags, category: request.category, confidence: request.confidence, salt: salt,
        commitment: commitment, leafIndex: view.tree.count, root: change.root, createdMs: view.nowMs,
        status: MemoryCommitment.activeStatus)
      let memory = StoredMemory(
        parts: try place.seal(key).seal(content: content, metadata: metadata), metadata: metadata,
        keyVersion: key.version, indexes: try BlindIndex.indexes(request.tags, key: key))
      let command = self.storing(memory, change, put: put, keyVersion: key.version, at: place, over: view)
      return try await self.commit(command) ? StoreResult(metadata) : nil
    }
  }

  private func storing(
    _ memory: StoredMemory, _ change: TreeChange, put: [UInt8], keyVersion: Int, at place: MemoryPlace,
    over view: MemoryView
  ) -> RedisCommand {
    let keys = place.keys
    var command = RedisCommand(
      MemoryScripts.store,
      keys: [keys.key, keys.tree, keys.ids, keys.forgotten, place.memory, keys.roots]
        + memory.indexes.map { keys.index($0) })
    command.append(place.record)
    command.append(view.tree.version)
    command.append(view.key.wrapped ?? [])
    command.append(put)
    command.append(keyVersion)
    command.append(memory.createdMs)
    command.append(view.tree.count + 1)
    command.append(change.root.decimalDigits)
    command.append(recentRootsMs)
    command.append(change.nodes.count)
    change.append(to: &command)
    memory.append(to: &command)
    return command
  }

  /// `m-` and 128 bits of SHA-256 of the job's id.
  static func memoryID(of job: JobID) throws(MemoryError) -> String {
    do throws(SealingError) {
      let digest = try Digest.sha256.hash(AssociatedData("whispercache memory id", "1", job.text).bytes)
      return "m-" + Hex.string(Array(digest.prefix(16)))
    } catch {
      throw .sealing(code: error.code)
    }
  }
}

extension StoredMemory.Opened {
  /// Whether it is what the request asks to keep.
  fileprivate func says(_ request: StoreRequest, content: [UInt8]) -> Bool {
    self.content == content && metadata.tags == request.tags && metadata.category == request.category
      && metadata.confidence == request.confidence
  }
}

extension StoreResult {
  fileprivate init(_ metadata: MemoryMetadata) {
    self.init(
      memoryID: metadata.id, commitment: metadata.commitment, leafIndex: metadata.leafIndex, root: metadata.root,
      createdMs: metadata.createdMs)
  }
}
