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
      for name in stride(from: 0, to: elements.count, by: 2).compactMap({ elements[$0].string }) {
        guard let name = ScheduleName(name), let flaw = try await flaw(of: name) else { continue }
        others.append(Finding(flaw, key: store.keys.schedules, member: name.text, .schedule(name)))
      }
    } while cursor != "0"
  }

  /// What is wrong between the index and the hash of a schedule; both may lie on two nodes of a Cluster.
  func flaw(of schedule: ScheduleName) async throws(JobError) -> Flaw? {
    let isThere = try await store.execute(RedisCommand("EXISTS", store.keys.schedule(schedule.text))).int == 1
    let isEntered = !(try await store.execute(RedisCommand("ZSCORE", store.keys.schedules, schedule.text)).isNull)
    if isThere == isEntered { return nil }
    return Flaw(isThere ? .scheduleWithoutEntry : .scheduleWithoutHash)
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
    case .schedule(let name): return try await flaw(of: name) == finding.flaw
    }
  }
}
