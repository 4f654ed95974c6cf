import Jobs

extension QueueModel {
  func extend(_ worker: String, _ leases: [Lease]) -> (lost: [JobID], cancel: [JobID]) {
    var lost: [JobID] = []
    var cancel: [JobID] = []
    for lease in leases {
      let job = jobs[lease.id.text]
      guard let job, job.state == .running, job.deliveries == lease.token, job.worker == worker else {
        lost.append(lease.id)
        continue
      }
      sets["running"]![lease.id.text] = now + Self.leaseMs
      if job.cancel { cancel.append(lease.id) }
    }
    return (lost, cancel)
  }

  func progress(_ worker: String, _ lease: Lease, _ text: String) -> Settlement.Code {
    guard let job = jobs[lease.id.text] else { return .missing }
    guard job.state == .running, job.deliveries == lease.token, job.worker == worker else { return .leaseLost }
    jobs[lease.id.text]!.progress = text
    return .done
  }

  func reap(_ limit: Int, deadlyLosses: Int = 3) -> ReapScript.Reply {
    var reply = ReapScript.Reply()
    var head: [String] = []
    let expired = Array(ordered("running", until: now).prefix(limit))
    for id in expired {
      sets["running"]![id] = nil
      guard let job = jobs[id] else {
        reply.missing += 1
        continue
      }
      guard job.state == .running else { continue }
      jobs[id]!.losses += 1
      jobs[id]!.remember(.lost, at: now)
      jobs[id]!.worker = nil
      if job.cancel {
        jobs[id]!.state = .cancelled
        sets["done"]![id] = now
        reply.cancelled += 1
      } else if job.losses + 1 >= deadlyLosses {
        (jobs[id]!.state, jobs[id]!.reason) = (.dead, .poison)
        jobs[id]!.error = "the workers of \(job.losses + 1) deliveries stopped without an answer"
        sets["dead"]![id] = now
        reply.poisoned += 1
      } else {
        jobs[id]!.state = .ready
        jobs[id]!.readyMs = now
        head.append(id)
        continue
      }
      finish(id)
      jobs[id]!.dropContent()
    }
    pushHead(head)
    reply.recovered = head.count
    reply.promoted = promote("scheduled", atMost: limit) + promote("retrying", atMost: limit)
    ring(head.count + reply.promoted)
    count("lost", reply.lost)
    count("dead", reply.poisoned)
    count("poison", reply.poisoned)
    count("cancelled", reply.cancelled)
    count("missing", reply.missing)
    let trimmed =
      trim("done", to: Self.retention.doneMax, atMost: limit)
      + trim("dead", to: Self.retention.deadMax, atMost: limit)
    reply.mayHaveMore = expired.count == limit || reply.promoted >= limit || trimmed >= limit
    reply.trimmed = trimmed + forget("done", Self.retention.resultMs) + forget("dead", Self.retention.deadMs)
    return reply
  }

  private func forget(_ set: String, _ ageMs: Int64) -> Int {
    let old = ordered(set, until: now - ageMs)
    for id in old { sets[set]![id] = nil }
    return old.count
  }

  func cancel(_ ids: [JobID], reach: Int) -> [CancelScript.Outcome] {
    let reach = reach / ids.count
    var outcomes: [CancelScript.Outcome] = []
    var ended = 0
    for id in ids.map(\.text) {
      guard let job = jobs[id] else {
        outcomes.append(.missing)
        continue
      }
      switch job.state {
      case .running:
        jobs[id]!.cancel = true
        outcomes.append(.requested)
      case .ready, .scheduled, .retrying:
        takeOut(id, job.state, reach)
        jobs[id]!.state = .cancelled
        sets["done"]![id] = now
        finish(id)
        jobs[id]!.dropContent()
        ended += 1
        outcomes.append(.cancelled)
      case .cancelled: outcomes.append(.cancelled)
      case .succeeded, .dead: outcomes.append(.finished(job.state))
      }
    }
    count("cancelled", ended)
    trim("done", to: Self.retention.doneMax, atMost: ids.count + 64)
    return outcomes
  }

  private func takeOut(_ id: String, _ state: JobState, _ reach: Int) {
    if state != .ready {
      sets[state.rawValue]![id] = nil
    } else if let place = line.lastIndex(of: id), place >= line.count - reach {
      line.remove(at: place)
    } else if let place = line.firstIndex(of: id), place < reach {
      line.remove(at: place)
    } else {
      tombs.insert(id)
    }
  }

  func requeue(_ ids: [JobID]) -> [RequeueScript.Outcome] {
    var outcomes: [RequeueScript.Outcome] = []
    var tail: [String] = []
    var again = 0
    for id in ids.map(\.text) {
      guard var job = jobs[id] else {
        outcomes.append(.missing)
        continue
      }
      switch job.state {
      case .scheduled, .retrying:
        sets[job.state.rawValue]![id] = nil
        tail.append(id)
      case .dead, .cancelled:
        if job.payload == nil, job.raw == nil {
          outcomes.append(.payloadGone)
          continue
        }
        sets[Self.home(job.state)!]![id] = nil
        (job.attempts, job.losses, job.lives, job.unknown) = (0, 0, job.lives + 1, 0)
        (job.worker, job.reason, job.error, job.progress, job.cancel) = (nil, nil, nil, nil, false)
        if tombs.remove(id) == nil { tail.append(id) }
        again += 1
      case .ready, .running, .succeeded:
        outcomes.append(.unchanged(job.state))
        continue
      }
      job.state = .ready
      job.readyMs = now
      jobs[id] = job
      outcomes.append(.requeued)
    }
    pushTail(tail)
    count("requeued", again)
    ring(outcomes.filter { $0 == .requeued }.count)
    return outcomes
  }

  func purge(_ ids: [JobID]) -> [PurgeScript.Outcome] {
    ids.map(\.text).map { id in
      guard let job = jobs[id] else {
        sets["dead"]![id] = nil
        sets["done"]![id] = nil
        return .missing
      }
      guard job.state.isTerminal else { return .unfinished(job.state) }
      sets[Self.home(job.state)!]![id] = nil
      jobs[id] = nil
      count("purged")
      return .purged
    }
  }
}
