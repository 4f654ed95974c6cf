import Jobs

extension QueueModel {
  struct Row: Equatable {
    var id: String
    var token: Int64
    var raw: String?
    var payload: String?
  }

  struct Claim: Equatable {
    var isPaused = false
    var mayHaveMore = false
    var rows: [Row] = []
  }

  /// What a claim does; `minted` are the ids that the script made, in their order.
  func claim(_ limit: Int, _ worker: String, minted: [String]) -> Claim {
    let promoted = promote("scheduled", atMost: 64) + promote("retrying", atMost: 64)
    if isPaused { return Claim(isPaused: true) }
    var minted = minted[...]
    var claim = Claim()
    var size = 0
    var dropped = 0
    var died = 0
    while claim.rows.count < limit, dropped < 256, size < Self.byteBudget, !line.isEmpty {
      let popped = (0..<min(limit - claim.rows.count, line.count)).map { _ in line.removeLast() }
      for (place, element) in popped.enumerated() {
        if size >= Self.byteBudget {
          pushHead(Array(popped[place...]))
          break
        }
        if Self.isRaw(element) {
          let id = minted.popFirst() ?? "none"
          var job = Job(createdMs: now)
          (job.state, job.raw, job.deliveries, job.worker) = (.running, element, 1, worker)
          job.startedMs = now
          jobs[id] = job
          lease(id, &claim)
          size += element.utf8.count
          count("enqueued")
        } else if jobs[element]?.state == .ready {
          jobs[element]!.state = .running
          jobs[element]!.deliveries += 1
          jobs[element]!.worker = worker
          jobs[element]!.startedMs = now
          lease(element, &claim)
          size += (jobs[element]!.payload ?? jobs[element]!.raw ?? "").utf8.count
        } else {
          dropped += 1
          tombs.remove(element)
          if jobs[element] != nil { continue }
          if Self.looksLikeID(element) {
            count("missing")
          } else {
            buryUndecodable(element, as: minted.popFirst() ?? "none")
            died += 1
          }
        }
      }
    }
    count("claimed", claim.rows.count)
    count("enqueued", died)
    count("dead", died)
    if died > 0 { trim("dead", to: Self.retention.deadMax, atMost: 256) }
    if !line.isEmpty || claim.rows.count == limit {
      claim.mayHaveMore = true
      if promoted > claim.rows.count { ring(promoted - claim.rows.count) }
    } else {
      wake = 0
      tombs = []
    }
    return claim
  }

  private func lease(_ id: String, _ claim: inout Claim) {
    let job = jobs[id]!
    sets["running"]![id] = now + Self.leaseMs
    claim.rows.append(Row(id: id, token: job.deliveries, raw: job.raw, payload: job.payload))
  }

  private func buryUndecodable(_ element: String, as id: String) {
    var job = Job(createdMs: now)
    (job.state, job.reason, job.sealed) = (.dead, .undecodable, false)
    job.raw = element.contains("\"kind\"") || element.contains("memory.") ? "" : element
    job.error = "the list element of \(element.utf8.count) bytes is neither a JSON object nor a job id"
    jobs[id] = job
    sets["dead"]![id] = now
  }

  private static func isRaw(_ element: String) -> Bool {
    element.utf8.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "{")
  }

  /// `^[a-z0-9_.-]+%.[0-9A-Z]+$` of at most 128 bytes.
  private static func looksLikeID(_ element: String) -> Bool {
    guard element.utf8.count <= 128, let dot = element.lastIndex(of: ".") else { return false }
    let queue = element[..<dot].utf8
    let number = element[element.index(after: dot)...].utf8
    let isQueue = queue.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte) || "_.-".utf8.contains(byte)
    }
    return !queue.isEmpty && !number.isEmpty && isQueue
      && number.allSatisfy { isDigit($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
