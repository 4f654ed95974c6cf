@testable import Jobs

/// What producers and workers do.
extension ModelRun {
  func enqueue() throws {
    var batch: [NewJob] = (0..<pick([1, 1, 2, 5, 16])).map { _ in newJob() }
    if chance(5) { batch.append(batch[0]) }
    for _ in 0..<(chance(10) ? 2 : 1) {  // a lost reply: the same call again
      let request = EnqueueScript.Request(maxDepth: model.maxDepth, jobs: batch)
      try same(client.run(EnqueueScript.self, request), model.enqueue(batch), "enqueue")
    }
  }

  private func newJob() -> NewJob {
    let payload = #"{"n":\#(minted),"s":"\#(String(repeating: "x", count: pick([0, 50, 700])))"}"#
    return .numbered(
      mint().numberInQueue, payload: payload, isSealed: chance(30), priority: chance(15) ? .high : .normal,
      start: chance(20) ? .afterMs(pick([0, 1, 500, 20_000])) : .now,
      unique: chance(10) ? .init(key: "u\(pick(Array(0..<40)))", ttlMs: 86_400_000) : nil,
      idempotency: chance(10) ? .init(key: "k\(pick(Array(0..<300)))", body: "f\(pick([0, 1]))") : nil)
  }

  func claim() throws {
    let (worker, limit) = (worker(), pick([1, 1, 4, 16]))
    try take(worker, limit, client.run(ClaimScript.self, request(limit, worker)))
  }

  func request(_ limit: Int, _ worker: String) -> ClaimScript.Request {
    ClaimScript.Request(
      limit: limit, worker: worker, leaseMs: QueueModel.leaseMs, byteBudget: QueueModel.byteBudget,
      nonce: JobIDMinter.nonce(using: &random), retention: QueueModel.retention)
  }

  /// Compares a claim with the model's. The model is told the ids that the script minted, adopted and dead ones, in order.
  func take(_ worker: String, _ limit: Int, _ reply: ClaimScript.Reply) throws {
    let adopted = reply.jobs.filter { model.jobs[$0.id.text] == nil }.map(\.id.text)
    let buried = try client.strings("ZRANGE", client.keys.dead, "0", "-1").filter {
      model.jobs[$0] == nil && model.sets["dead"]![$0] == nil
    }
    let minted = (adopted + buried).sorted { $0.suffix(2) < $1.suffix(2) }
    let claim = model.claim(limit, worker, minted: minted)
    try same(reply.isPaused, claim.isPaused, "claim, paused")
    try same(reply.mayHaveMore, claim.mayHaveMore, "claim, more")
    try same(reply.strays, 0, "claim, strays")
    try same(reply.nowMs, model.now, "claim, now")
    let rows = reply.jobs.map { job in
      QueueModel.Row(
        id: job.id.text, token: job.token, raw: job.record.raw.map { String(decoding: $0, as: UTF8.self) },
        payload: job.record.payload.map { String(decoding: $0, as: UTF8.self) })
    }
    try same(rows, claim.rows, "claim, rows")
    if chance(10) { return }  // the reply is lost
    for job in reply.jobs { workers[worker]![job.id] = job.token }
  }

  func reclaim() throws {
    let worker = worker()
    var found: [JobID: Int64] = [:]
    var offset: Int64? = 0
    while let from = offset {
      let known = Array(workers[worker]!.keys)
      let request = ReclaimScript.Request(worker: worker, offset: from, window: 16, known: known)
      let reply = try client.run(ReclaimScript.self, request)
      offset = reply.nextOffset
      for job in reply.jobs { found[job.id] = job.token }
    }
    var expected: [JobID: Int64] = [:]
    for id in model.sets["running"]!.keys {
      guard let job = model.jobs[id], job.state == .running, job.worker == worker, let id = JobID(id),
        workers[worker]![id] == nil
      else { continue }
      expected[id] = job.deliveries
    }
    try same(found, expected, "reclaim")
    workers[worker]!.merge(found) { $1 }
  }

  func settle() throws {
    let worker = worker()
    let settlements = settlements(of: worker)
    for _ in 0..<(chance(10) ? 2 : 1) { try settle(worker, settlements) }
  }

  private func settle(_ worker: String, _ settlements: [Settlement]) throws {
    let request = SettleScript.Request(worker: worker, retention: QueueModel.retention, settlements: settlements)
    let codes = try client.run(SettleScript.self, request)
    try same(codes, model.settle(worker, settlements), "settle")
    try judge(settlements, codes)
  }

  func fused() throws {
    let (worker, limit) = (worker(), pick([1, 4, 16]))
    let settlements = settlements(of: worker)
    let request = SettleAndClaimScript.Request(
      settle: SettleScript.Request(worker: worker, retention: QueueModel.retention, settlements: settlements),
      claim: request(limit, worker))
    let reply = try client.run(SettleAndClaimScript.self, request)
    try same(reply.codes, model.settle(worker, settlements), "fused settle")
    try judge(settlements, reply.codes)
    try take(worker, limit, reply.claim)
  }

  func late() throws {
    guard !zombies.isEmpty else { return }
    let (worker, lease) = pick(Array(zombies.suffix(200)))
    try settle(worker, [settlement(lease)])
  }

  /// Some of what a worker holds, and sometimes something that it held before.
  private func settlements(of worker: String) -> [Settlement] {
    var settlements: [Settlement] = []
    let held = workers[worker]!.keys.sorted().shuffled(using: &random).prefix(pick([1, 2, 8]))
    for id in held {
      let lease = Lease(id: id, token: workers[worker]!.removeValue(forKey: id)!)
      zombies.append((worker, lease))
      settlements.append(settlement(lease))
    }
    if !zombies.isEmpty, chance(20) {
      let (owner, lease) = pick(zombies)
      if owner == worker { settlements.append(settlement(lease)) }
    }
    return settlements
  }

  private func settlement(_ lease: Lease) -> Settlement {
    var settlement = Settlement(id: lease.id, token: lease.token, end: .cancelled)
    let adoption = Settlement.Adoption(kind: chance(80) ? .noop : nil, isSealed: chance(50))
    switch Int.random(in: 0..<18, using: &random) {
    case 0..<8: settlement.end = .success(result())
    case 8..<10:
      settlement.end = .success(result())
      settlement.adoption = adoption
      settlement.keepMs = 1_000_000
    case 10..<13: settlement.end = .retry(afterMs: pick([1, 3000, 60_000]), error: "because")
    case 13:
      settlement.end = .dead(.permanent, error: "because")
      settlement.adoption = chance(50) ? adoption : nil
    case 14, 15: settlement.end = .release(afterMs: pick([0, 0, 700]))
    case 16:
      settlement.end = .releaseUnknown(afterMs: 5000, unknown: 3, sinceMs: model.now)
      settlement.adoption = chance(50) ? adoption : nil
    default: break
    }
    return settlement
  }

  private func result() -> [UInt8] { Array("r\(Int.random(in: 0..<1_000_000_000, using: &random))".utf8) }

  /// At most one success of a job is ever answered `done`.
  private func judge(_ settlements: [Settlement], _ codes: [Settlement.Code]) throws {
    for (settlement, code) in zip(settlements, codes) {
      guard case .success(let result) = settlement.end, code == .done else { continue }
      let id = settlement.id.text
      try require(accepted[id] == nil, "two results accepted for \(id)")
      accepted[id] = String(decoding: result, as: UTF8.self)
    }
  }

  func extend() throws {
    let worker = worker()
    var leases = workers[worker]!.sorted { $0.key < $1.key }.map { Lease(id: $0.key, token: $0.value) }
    leases += zombies.suffix(3).filter { $0.worker == worker }.map(\.lease)
    let request = ExtendScript.Request(worker: worker, leaseMs: QueueModel.leaseMs, leases: leases)
    let reply = try client.run(ExtendScript.self, request)
    let expected = model.extend(worker, leases)
    try same(reply.deadlineMs, model.now + QueueModel.leaseMs, "extend, deadline")
    try same(reply.lost, expected.lost, "extend, lost")
    try same(reply.cancelRequested, expected.cancel, "extend, cancel")
    guard chance(70) else { return }  // else it goes on, unaware
    for id in reply.lost {
      zombies.append((worker, Lease(id: id, token: workers[worker]!.removeValue(forKey: id) ?? 0)))
    }
  }

  func progress() throws {
    let worker = worker()
    for (id, token) in workers[worker]!.sorted(by: { $0.key < $1.key }).prefix(2) {
      let note = ProgressScript.Note(lease: Lease(id: id, token: token), progress: Array("half".utf8))
      let codes = try client.run(ProgressScript.self, .init(worker: worker, notes: [note]))
      try same(codes, [model.progress(worker, note.lease, "half")], "progress")
    }
  }

  /// A worker forgets everything; its leases run out.
  func crash() {
    let worker = worker()
    zombies += workers[worker]!.sorted { $0.key < $1.key }.map { (worker, Lease(id: $0.key, token: $0.value)) }
    workers[worker] = [:]
  }
}

extension JobID {
  var numberInQueue: Int { Int(text.split(separator: ".")[1])! }
}
