internal import RedisWire

/// What no script judges: types of keys, counters of queues, the index of schedules.
extension Examination {
  func lookAtQueue(_ queue: QueueName) async throws(JobError) {
    let keys = store.keys.queue(queue)
    let types = [
      (keys.ready, "list"), (keys.scheduled, "zset"), (keys.retrying, "zset"), (keys.running, "zset"),
      (keys.done, "zset"), (keys.dead, "zset"), (keys.tombstones, "set"), (keys.wake, "list"), (keys.config, "hash"),
      (keys.stats, "hash"),
    ]
    for (index, (key, type)) in types.enumerated() {
      let found = try await store.execute(RedisCommand("TYPE", key)).string ?? ""
      guard found != type, found != "none" else { continue }
      others.append(Finding(Flaw(.wrongType, found), key: key, .key))
      // The scripts stand on the line, the sorted sets and the tombstones.
      if index < 7 { unreadable.insert(queue) }
      if key == keys.stats { return }
    }
    for field in try await spoiltCounters(keys) {
      others.append(Finding(Flaw(.statsUnreadable, field), key: keys.stats, member: field, .statsField(field, queue)))
    }
  }

  private func spoiltCounters(_ keys: QueueKeys) async throws(JobError) -> [String] {
    let reply = try await store.execute(RedisCommand("HGETALL", keys.stats))
    guard let fields = reply.pairs else { return [] }
    return fields.filter { $0.value.int == nil }.compactMap(\.key.string)
  }

  func lookAtSchedules() async throws(JobError) {
    let type = try await store.execute(RedisCommand("TYPE", store.keys.schedules)).string
    guard type == "zset" else {
      if type != "none" { others.append(Finding(Flaw(.wrongType, type ?? ""), key: store.keys.schedules, .key)) }
      return
    }
    var cursor = "0"
    repeat {
      let (next, elements) = try await page(RedisCommand("ZSCAN", store.keys.schedules, cursor, "COUNT", "512"))
      cursor = next
      for name in stride(from: 0, to: elements.count, by: 2).compactMap({ elements[$0].string })
      where try await isGone(schedule: name) {
        others.append(
          Finding(Flaw(.scheduleWithoutHash), key: store.keys.schedules, member: name, .schedule(name)))
      }
    } while cursor != "0"
  }

  private func isGone(schedule name: String) async throws(JobError) -> Bool {
    guard try await store.execute(RedisCommand("EXISTS", store.keys.schedule(name))).int == 0 else { return false }
    return !(try await store.execute(RedisCommand("ZSCORE", store.keys.schedules, name)).isNull)
  }

  /// The second look at these.
  func stillThere(_ findings: [Finding]) async throws(JobError) -> [Finding] {
    var left: [Finding] = []
    for finding in findings {
      if try await isThere(finding) { left.append(finding) }
    }
    return left
  }

  private func isThere(_ finding: Finding) async throws(JobError) -> Bool {
    switch finding.place {
    case .thing: return true
    case .key: return try await store.execute(RedisCommand("TYPE", finding.key)).string == finding.flaw.detail
    case .statsField(let field, let queue): return try await spoiltCounters(store.keys.queue(queue)).contains(field)
    case .queue(let queue):
      return try await store.execute(RedisCommand("SISMEMBER", store.keys.queues, queue.text)).int == 0
    case .schedule(let name): return try await isGone(schedule: name)
    }
  }
}
