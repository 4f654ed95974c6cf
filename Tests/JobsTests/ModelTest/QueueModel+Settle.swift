import Jobs

extension QueueModel {
  func settle(_ worker: String, _ settlements: [Settlement]) -> [Settlement.Code] {
    var codes: [Settlement.Code] = []
    var head: [String] = []
    var done = 0
    var dead = 0
    for settlement in settlements {
      let id = settlement.id.text
      guard let job = jobs[id] else {
        codes.append(.missing)
        continue
      }
      guard job.deliveries == settlement.token, job.worker == worker else {
        codes.append(.leaseLost)
        count("late")
        continue
      }
      guard job.state == .running else {
        let isRepeat = Self.after(settlement.end).contains(job.state)
        codes.append(isRepeat ? .already : .leaseLost)
        if !isRepeat { count("late") }
        continue
      }
      codes.append(.done)
      sets["running"]![id] = nil
      let state = apply(settlement, to: id)
      switch state {
      case .succeeded, .cancelled:
        done += 1
        sets["done"]![id] = now
      case .dead:
        dead += 1
        sets["dead"]![id] = now
      case .ready: head.append(id)
      default: break
      }
      if state.isTerminal {
        finish(id)
        jobs[id]!.dropContent()
      }
    }
    pushHead(head)
    ring(head.count)
    if done > 0 { trim("done", to: Self.retention.doneMax, atMost: done + 64) }
    if dead > 0 { trim("dead", to: Self.retention.deadMax, atMost: dead + 64) }
    return codes
  }

  private func apply(_ settlement: Settlement, to id: String) -> JobState {
    var job = jobs[id]!
    defer { jobs[id] = job }
    if let adoption = settlement.adoption {
      if let kind = adoption.kind { job.kind = kind.text }
      job.sealed = adoption.isSealed
    }
    switch settlement.end {
    case .success(let result):
      job.result = String(decoding: result, as: UTF8.self)
      job.attempts += 1
      job.state = .succeeded
      count("succeeded")
    case .dead(let reason, let error):
      (job.reason, job.error) = (reason, error)
      job.remember(.dead, at: now, error)
      job.attempts += 1
      job.state = .dead
      count("dead")
    case .retry(let afterMs, let error):
      job.error = error
      job.remember(job.cancel ? .cancelled : .failed, at: now, error)
      if job.cancel { return cancelled(&job) }
      job.attempts += 1
      job.state = .retrying
      sets["retrying"]![id] = now + afterMs
      count("failed")
    case .release(let afterMs):
      release(&job, id, afterMs)
    case .releaseUnknown(let afterMs, let unknown, _):
      job.unknown = unknown
      release(&job, id, afterMs)
    case .cancelled:
      job.remember(.cancelled, at: now)
      return cancelled(&job)
    }
    return job.state
  }

  private func release(_ job: inout Job, _ id: String, _ afterMs: Int64) {
    job.remember(job.cancel ? .cancelled : .released, at: now)
    if job.cancel {
      _ = cancelled(&job)
    } else if afterMs > 0 {
      job.state = .scheduled
      sets["scheduled"]![id] = now + afterMs
    } else {
      job.state = .ready
      job.readyMs = now
    }
  }

  private func cancelled(_ job: inout Job) -> JobState {
    job.state = .cancelled
    count("cancelled")
    return .cancelled
  }

  /// The states that a repeated settlement may find.
  private static func after(_ end: Settlement.End) -> Set<JobState> {
    switch end {
    case .success: [.succeeded]
    case .dead: [.dead]
    case .retry: [.retrying, .ready, .cancelled]
    case .release, .releaseUnknown: [.ready, .scheduled, .cancelled]
    case .cancelled: [.cancelled]
    }
  }
}
