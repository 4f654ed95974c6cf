internal import RedisWire

/// The sorted set of next runs, which follows the hashes.
extension ScheduleStore {
  /// Makes the set say what the hash says, also when both change meanwhile.
  ///
  /// - Redis: HGET, ZADD or ZREM.
  public func index(_ name: ScheduleName) async throws(JobError) {
    var written: Schedule.Version?
    // Each turn but the last is a change by somebody else, who looks after the set too.
    for _ in 0..<8 {
      let version = try await version(name)
      if version == written { return }
      var command: RedisCommand
      if version.revision.isEmpty {
        command = RedisCommand("ZREM", keys.schedules, name.text)
      } else {
        command = RedisCommand("ZADD", keys.schedules)
        command.append(Int64(version.nextMs).map { String($0) } ?? "+inf")
        command.append(name.text)
      }
      _ = try await store.execute(command)
      written = version
    }
  }

  /// Looks at all schedules and mends the set where it does not follow.
  ///
  /// - Returns: how many entries were wrong.
  /// - Complexity: two round trips, O(schedules).
  @discardableResult
  public func sweep() async throws(JobError) -> Int {
    let reply = try await store.execute(RedisCommand("ZRANGE", keys.schedules, "0", "-1", "WITHSCORES"))
    // RESP2 answers a flat list, RESP3 pairs.
    var flat: [RESPValue] = []
    for element in reply.elements ?? [] { flat += element.elements ?? [element] }
    let entries = stride(from: 0, to: flat.count - 1, by: 2).compactMap { place in
      flat[place].string.flatMap { ScheduleName($0) }.map { (name: $0, score: Self.score(flat[place + 1])) }
    }
    var mended = 0
    for (entry, fields) in zip(entries, try await fields(of: entries.map(\.name))) {
      let next = fields["next_ms"]?.string.flatMap { Int64($0) }
      let isRight =
        fields["revision"]?.string != nil && entry.score == (next.map { Double($0) } ?? .infinity)
      if isRight { continue }
      try await index(entry.name)
      mended += 1
    }
    return mended
  }

  private static func score(_ value: RESPValue) -> Double? {
    value.double ?? value.int.map { Double($0) } ?? value.string.flatMap { Double($0) }
  }
}
