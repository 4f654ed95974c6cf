import Jobs

extension QueueModel {
  func enqueue(_ batch: [NewJob]) -> [EnqueueScript.Outcome] {
    var room = Int64.max
    if maxDepth > 0 { room = maxDepth - Int64(line.count) + Int64(tombs.count) - Int64(sets["scheduled"]!.count) }
    var outcomes: [EnqueueScript.Outcome] = []
    var normal: [String] = []
    var high: [String] = []
    var created: Int64 = 0
    for job in batch {
      let outcome = guarded(job) ?? (created >= room ? .full : .created)
      outcomes.append(outcome)
      guard outcome == .created else { continue }
      created += 1
      let id = job.id.text
      if let key = job.idempotency { idempotency[key.key] = (id, key.body) }
      if let key = job.unique { unique[key.key] = id }
      var entry = Job(createdMs: now)
      entry.kind = job.kind.text
      entry.payload = String(decoding: job.payload, as: UTF8.self)
      entry.sealed = job.isSealed ? true : nil
      entry.priority = job.priority
      entry.unique = job.unique?.key
      if case .afterMs(let delay) = job.start, delay > 0 {
        entry.state = .scheduled
        sets["scheduled"]![id] = now + delay
      } else if job.priority == .high {
        high.append(id)
      } else {
        normal.append(id)
      }
      jobs[id] = entry
    }
    pushTail(normal)
    pushHead(high)
    count("enqueued", Int(created))
    if !isPaused { ring(normal.count + high.count) }
    return outcomes
  }

  /// Why a job is not new.
  private func guarded(_ job: NewJob) -> EnqueueScript.Outcome? {
    if let key = job.idempotency, let held = idempotency[key.key] {
      let id = JobID(held.id)!
      return held.body == key.body ? .replayed(id) : .conflict(id)
    }
    if jobs[job.id.text] != nil { return .replayed(job.id) }
    if let key = job.unique, let holder = unique[key.key], jobs[holder]?.state.isTerminal == false {
      return .duplicate(JobID(holder)!)
    }
    return nil
  }
}
