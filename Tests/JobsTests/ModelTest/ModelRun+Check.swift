@testable import Jobs
import RedisWire

/// Everything in Redis against the model, then what must hold whatever happened.
extension ModelRun {
  func check() throws {
    let (redis, keys) = (client.redis, client.keys)
    let line = try client.ready()
    try same(line, model.line, "ready")
    var sets: [String: [String: Int64]] = [:]
    for name in QueueModel.sortedSets {
      let flat = try client.strings("ZRANGE", keys.base + name, "0", "-1", "WITHSCORES")
      var members: [String: Int64] = [:]
      for index in stride(from: 0, to: flat.count, by: 2) { members[flat[index]] = Int64(flat[index + 1]) }
      try same(members, model.sets[name]!, name)
      sets[name] = members
    }
    try same(Set(client.strings("SMEMBERS", keys.tombstones)), model.tombs, "tombs")
    let rings = try client.int("LLEN", keys.wake) ?? -1
    try same(rings, Int64(model.wake), "wake")
    try require(rings <= 64, "\(rings) rings")
    let flat = try client.strings("HGETALL", keys.stats)
    let stats = stride(from: 0, to: flat.count, by: 2).map { (flat[$0], Int(flat[$0 + 1]) ?? -1) }
    try same(Dictionary(uniqueKeysWithValues: stats), model.stats, "stats")

    let ids = model.jobs.keys.sorted()
    var commands: [RedisCommand] = []
    for id in ids {
      commands.append(RedisCommand("HGETALL", keys.base + "job:" + id))
      commands.append(RedisCommand("PTTL", keys.base + "job:" + id))
    }
    let replies = try redis.pipeline(commands)
    for (place, id) in ids.enumerated() {
      guard let fields = replies[2 * place].pairs, !fields.isEmpty else {
        throw Difference(description: "\(id) is gone from redis")
      }
      let record = JobRecord(id: JobID(id)!, fields: fields)
      try compare(record, model.jobs[id]!)
      try invariants(record, ttl: replies[2 * place + 1].int ?? -3, line: line, sets: sets)
    }
  }

  private func compare(_ record: JobRecord, _ job: QueueModel.Job) throws {
    let id = record.id
    func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
    try same(record.state, job.state, "\(id) state")
    try same(record.kind, job.kind, "\(id) kind")
    try same(text(record.payload), job.payload, "\(id) payload")
    try same(record.raw, job.raw.map { Array($0.utf8) }, "\(id) raw")
    try same(record.sealed, job.sealed, "\(id) sealed")
    try same(record.priority, job.priority, "\(id) priority")
    try same(record.unique, job.unique, "\(id) unique")
    try same(record.createdMs, job.createdMs, "\(id) created_ms")
    try same(record.readyMs, job.readyMs, "\(id) ready_ms")
    try same(record.attempts, job.attempts, "\(id) attempts")
    try same(record.deliveries, job.deliveries, "\(id) deliveries")
    try same(record.losses, job.losses, "\(id) losses")
    try same(record.lives, job.lives, "\(id) lives")
    try same(record.worker, job.worker, "\(id) worker")
    try same(record.isCancelRequested, job.cancel, "\(id) cancel")
    try same(text(record.result), job.result, "\(id) result")
    try same(record.error, job.error, "\(id) error")
    try same(record.reason, job.reason, "\(id) reason")
    try same(text(record.progress), job.progress, "\(id) progress")
    try same(record.unknown, job.unknown, "\(id) unknown")
    try same(record.startedMs, job.startedMs, "\(id) started_ms")
    try same(record.history, PastDelivery.list(Array(job.history.joined().utf8)), "\(id) history")
  }

  private func invariants(_ record: JobRecord, ttl: Int64, line: [String], sets: [String: [String: Int64]]) throws {
    let id = record.id.text
    guard let state = record.state else { throw Difference(description: "\(id) has no state") }
    let homes = QueueModel.sortedSets.filter { sets[$0]![id] != nil }
    try same(homes, QueueModel.home(state).map { [$0] } ?? [], "where \(id) lies, which is \(state)")
    if state == .ready { try require(line.contains(id), "\(id) is lost: ready and not in the line") }
    try same(ttl > 0, state.isTerminal, "a time to live (\(ttl)) of \(id), which is \(state)")
    try require(Int64(record.attempts + record.losses) <= record.deliveries, "\(id) has more ends than deliveries")
    if state.isTerminal, record.sealed == true {
      try require(record.payload == nil && record.raw == nil, "\(id) has ended and still has its sealed content")
    }
    if let result = accepted[id] {
      try same(record.result.map { String(decoding: $0, as: UTF8.self) }, result, "the accepted result of \(id)")
      try same(state, .succeeded, "an accepted job is final")
    }
  }

  /// With nobody crashing any more, every job ends.
  func drain() throws {
    _ = try client.run(PauseScript.self, .init(isPaused: false))
    for _ in 0..<400 {
      try tick(70_000)
      _ = try client.run(ReapScript.self, .init(deadlyLosses: 99, retention: QueueModel.retention))
      var request = request(64, "last")
      request.byteBudget = 1 << 30
      let claimed = try client.run(ClaimScript.self, request).jobs
      if claimed.isEmpty { continue }
      let settlements = claimed.map { Settlement(id: $0.id, token: $0.token, end: .success(Array("ok".utf8))) }
      let codes = try client.run(SettleScript.self, .init(worker: "last", settlements: settlements))
      try require(codes.allSatisfy { $0 == .done }, "a settlement without rivals was refused")
    }
    let stats = try client.run(StatsScript.self, .init())
    let left = [stats.ready, stats.scheduled, stats.retrying, stats.running, stats.tombstones]
    try same(left, [0, 0, 0, 0, 0], "what is left in the end")
    for key in try client.strings("KEYS", client.keys.base + "job:*") where try client.text("TYPE", key) == "hash" {
      let state = JobState(rawValue: try client.text("HGET", key, "state") ?? "")
      try require(state?.isTerminal == true, "\(key) has not ended: \(String(describing: state))")
    }
  }
}
