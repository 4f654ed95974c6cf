@testable import Jobs
import RedisWire

/// What maintenance, operators and clumsy hands do.
extension ModelRun {
  func reap() throws {
    let limit = pick([3, 64])
    let request = ReapScript.Request(limit: limit, retention: QueueModel.retention)
    try same(client.run(ReapScript.self, request), model.reap(limit), "reap")
  }

  func cancel() throws {
    let ids = some(pick([1, 1, 3])) { [chosen = chance(70)] in !chosen || ![.succeeded, .dead].contains($0.state) }
    let outcomes = try client.run(CancelScript.self, .init(retention: QueueModel.retention, ids: ids))
    try same(outcomes, model.cancel(ids, reach: VirtualClock.reach), "cancel")
  }

  func requeue() throws {
    let ids = some(pick([1, 3])) { [chosen = chance(70)] in
      !chosen || [.cancelled, .dead, .retrying].contains($0.state)
    }
    try same(client.run(RequeueScript.self, .init(ids: ids)), model.requeue(ids), "requeue")
  }

  func purge() throws {
    let ids = some(2) { $0.state.isTerminal }
    try same(client.run(PurgeScript.self, .init(ids: ids)), model.purge(ids), "purge")
  }

  func pause() throws {
    let isPaused = chance(30)
    let changed = try client.run(PauseScript.self, .init(isPaused: isPaused, reason: "test"))
    try same(changed, isPaused != model.isPaused, "pause")
    model.isPaused = isPaused
    if !isPaused { model.ring(model.line.count) }
  }

  /// Anything that a person can push.
  func pushRaw() throws {
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let element = pick([
      #"{"kind":"test.noop","payload":{"n":123456789012345678901234567890,"e":1e400,"t":\#(deep)}}"#,
      #"{"kind":"test.noop","payload":{}}"#, " \n\t{\"kind\":\"test.noop\",\"payload\":1}", "{broken", "garbage", "",
      "-1",
      "\u{0}\r\n", String(repeating: "x", count: 200), "proof.0000GONE", #"["kind" "memory.store"]"#,
      #"say "kind""#, some(1)[0].text, some(1)[0].text,
    ])
    if chance(80) {
      try client.command("LPUSH", client.keys.ready, element)
      model.pushTail([element])
    } else {
      try client.command("RPUSH", client.keys.ready, element)
      model.pushHead([element])
    }
  }

  func loseHash() throws {
    guard !model.jobs.isEmpty, chance(30) else { return }
    let waits: [JobState] = [.scheduled, .retrying, .running]
    let id = some(1) { [chosen = chance(50)] in !chosen || waits.contains($0.state) }[0]
    try client.command("DEL", client.keys.job(id))
    model.jobs[id.text] = nil
  }

  /// A key of another type where a job should be.
  func foreignKey() throws {
    guard chance(10) else { return }
    let id = mint()
    try client.command("SET", client.keys.job(id), "not a hash")
    try client.command("LPUSH", client.keys.ready, id.text)
    model.pushTail([id.text])
  }

  func stats() throws {
    let stats = try client.run(StatsScript.self, .init())
    try same(stats.ready, Int64(model.line.count - model.tombs.count), "stats, ready")
    let counts = [stats.scheduled, stats.retrying, stats.running, stats.done, stats.dead]
    try same(counts, QueueModel.sortedSets.map { Int64(model.sets[$0]!.count) }, "stats, sets")
    try same(stats.tombstones, Int64(model.tombs.count), "stats, tombstones")
    try same(stats.isPaused, model.isPaused, "stats, paused")
    try same(stats.rings, Int64(model.wake), "stats, rings")
    let due = (model.sets["scheduled"]!.values.min(), model.sets["retrying"]!.values.min())
    try same(stats.nextDueMs, [due.0, due.1].compactMap { $0 }.min(), "stats, next due")
  }
}
