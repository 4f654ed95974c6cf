public import Jobs
internal import Proofs
internal import RedisWire

extension MemoryStore {
  /// Destroys one memory, or all of a user's with the user's key; what Redis keeps opens nothing of them.
  ///
  /// Forgetting a memory again answers its nullifier again; a job that forgot a user answers the same again for
  /// 90 days.
  ///
  /// - Parameter job: known again when it forgets a whole user.
  /// - Throws: `notFound`, `unreadable`, `busy`, `storeUnavailable`.
  /// - Complexity: 21 hashes for one memory; for a user one a memory, and a round trip of Redis for each 256.
  /// - Redis: `memory_read.lua`, `memory_forget.lua`; `memory_scan.lua`, `memory_forget_user.lua`.
  public func forget(_ request: ForgetRequest, job: JobID) async throws(MemoryError) -> ForgetResult {
    guard let id = request.memoryID else { return try await forgetUser(request.user, job: job) }
    guard let names = try await names() else { throw .notFound }
    let place = try MemoryPlace(id, of: request.user, names: names, keys: keys)
    return try await repeated { () async throws(MemoryError) -> ForgetResult? in
      let view = try await self.view(place, withPath: true)
      guard let memory = try view.memory() else {
        guard let nullifier = view.nullifier else { throw .notFound }
        return ForgetResult(forgotten: 1, nullifiers: try Erasure.numbers([nullifier]))
      }
      let metadata = try memory.openMetadata(place.seal(try view.key.open(self.ring, user: place.user)))
      let nullifier = MemoryCommitment.nullifier(commitment: metadata.commitment, salt: metadata.salt)
      let change = TreeChange(placing: .zero, at: metadata.leafIndex, siblings: view.tree.siblings)
      let command = self.forgetting(memory, nullifier, change, at: place, over: view)
      return try await self.commit(command) ? ForgetResult(forgotten: 1, nullifiers: [nullifier]) : nil
    }
  }

  private func forgetting(
    _ memory: StoredMemory, _ nullifier: Fr, _ change: TreeChange, at place: MemoryPlace, over view: MemoryView
  ) -> RedisCommand {
    let keys = place.keys
    var command = RedisCommand(
      MemoryScripts.forget,
      keys: [keys.tree, keys.ids, keys.forgotten, place.memory, keys.roots] + memory.indexes.map { keys.index($0) })
    command.append(place.record)
    command.append(view.tree.version)
    command.append(nullifier.decimalDigits)
    command.append(change.root.decimalDigits)
    command.append(recentRootsMs)
    change.append(to: &command)
    return command
  }
}
