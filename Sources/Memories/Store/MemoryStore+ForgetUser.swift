internal import Jobs
internal import Proofs
internal import RedisWire

extension MemoryStore {
  func forgetUser(_ user: String, job: JobID) async throws(MemoryError) -> ForgetResult {
    let names = try await namesForWriting()
    let tag = try names.user(user)
    let keys = self.keys.user(tag)
    let erasure = keys.erasure(try names.job(job.text, of: user))
    return try await repeated { () async throws(MemoryError) -> ForgetResult? in
      let first = try await self.page(from: 0, keys, erasure: erasure)
      if let before = first.before { return before.result }
      let key = first.key.wrapped == nil ? nil : try first.key.open(self.ring, user: tag)
      var rows = try self.nullified(first.rows, user: tag, key)
      while rows.count < first.memories {
        let page = try await self.page(from: rows.count, keys, erasure: erasure)
        guard page.version == first.version, !page.rows.isEmpty else { return nil }
        rows += try self.nullified(page.rows, user: tag, key)
      }
      let result = ForgetResult(forgotten: rows.count, nullifiers: rows.compactMap(\.nullifier))
      let command = self.erasing(rows, result, keys, erasure: erasure, version: first.version)
      return try await self.commit(command) ? result : nil
    }
  }

  /// A memory and its nullifier; nil when it is damaged, which must not save it from being forgotten.
  private typealias Nullified = (record: String, nullifier: Fr?)

  private func nullified(
    _ rows: [ErasurePage.Row], user tag: String, _ key: UserKey?
  ) throws(MemoryError) -> [Nullified] {
    try rows.map { row throws(MemoryError) in
      guard let key else { return (row.record, nil) }
      do throws(MemoryError) {
        let seal = RecordSeal(user: tag, record: row.record, key: key)
        let metadata = try StoredMemory(row.fields).openMetadata(seal)
        return (row.record, MemoryCommitment.nullifier(commitment: metadata.commitment, salt: metadata.salt))
      } catch .unreadable {
        return (row.record, nil)
      }
    }
  }

  private func page(
    from start: Int, _ keys: MemoryKeys.User, erasure: String
  ) async throws(MemoryError) -> ErasurePage {
    var command = RedisCommand(MemoryScripts.scan, keys: [keys.key, keys.tree, keys.ids, erasure])
    command.append(keys.stem)
    command.append(start)
    command.append(ErasurePage.size)
    return try ErasurePage(try await execute(command))
  }

  private func erasing(
    _ rows: [Nullified], _ result: ForgetResult, _ keys: MemoryKeys.User, erasure: String, version: Int64
  ) -> RedisCommand {
    var command = RedisCommand(
      MemoryScripts.forgetUser, keys: [keys.key, keys.tree, keys.ids, keys.forgotten, keys.roots, erasure])
    command.append(keys.stem)
    command.append(version)
    command.append(TreeChange.emptyRoot.decimalDigits)
    command.append(recentRootsMs)
    command.append(Erasure(result).encoded)
    command.append(MemoryLimits.erasureMs)
    for row in rows {
      command.append(row.record)
      command.append(row.nullifier?.decimalDigits ?? [])
    }
    return command
  }
}
