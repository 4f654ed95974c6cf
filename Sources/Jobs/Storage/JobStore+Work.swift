/// What workers do.
extension JobStore {
  /// Takes ready jobs and leases them. When the answer is lost, ask `reclaim`.
  ///
  /// - Parameters:
  ///   - limit: free slots, at most `JobLimits.batchJobs`.
  ///   - worker: unique to the start of a process.
  public func claim(
    _ limit: Int, from queue: QueueName, worker: String, byteBudget: Int = JobLimits.batchBytes
  ) async throws(JobError) -> ClaimScript.Reply {
    try await run(ClaimScript.self, claimRequest(limit, worker, byteBudget), on: queue)
  }

  /// Ends deliveries, each under its own token; longer lists go in several calls.
  ///
  /// - Returns: one code a settlement. A failure between two calls is thrown; sending all of them again is harmless.
  public func settle(
    _ settlements: [Settlement], on queue: QueueName, worker: String
  ) async throws(JobError) -> [Settlement.Code] {
    var codes: [Settlement.Code] = []
    codes.reserveCapacity(settlements.count)
    for batch in Batches(settlements, queue: { _ in queue }, cost: { $0.cost }) {
      let request = SettleScript.Request(
        worker: worker, retention: retention, settlements: batch.places.map { settlements[$0] })
      codes += try await run(SettleScript.self, request, on: queue, repeats: true)
    }
    return codes
  }

  /// Ends deliveries and takes new jobs in one round trip. When the answer is lost, settle again and ask `reclaim`.
  ///
  /// - Parameter settlements: at most `JobLimits.fusedJobs`.
  public func settleAndClaim(
    _ settlements: [Settlement], claiming limit: Int, on queue: QueueName, worker: String,
    byteBudget: Int = JobLimits.batchBytes
  ) async throws(JobError) -> SettleAndClaimScript.Reply {
    let request = SettleAndClaimScript.Request(
      settle: SettleScript.Request(worker: worker, retention: retention, settlements: settlements),
      claim: claimRequest(min(limit, JobLimits.fusedJobs), worker, byteBudget))
    return try await run(SettleAndClaimScript.self, request, on: queue)
  }

  /// The jobs that this worker holds by Redis' account and does not know of, after an answer was lost.
  public func reclaim(
    on queue: QueueName, worker: String, known: [JobID]
  ) async throws(JobError) -> [ClaimedJob] {
    var jobs: [JobID: ClaimedJob] = [:]
    var offset: Int64? = 0
    while let start = offset {
      let request = ReclaimScript.Request(worker: worker, offset: start, known: known)
      let reply = try await run(ReclaimScript.self, request, on: queue, repeats: true)
      for job in reply.jobs { jobs[job.id] = job }
      offset = reply.nextOffset
    }
    return jobs.values.sorted { $0.id < $1.id }
  }

  /// Renews leases; longer lists go in several calls.
  public func extend(
    _ leases: [Lease], on queue: QueueName, worker: String
  ) async throws(JobError) -> ExtendScript.Reply {
    var whole = ExtendScript.Reply(deadlineMs: .max, lost: [], cancelRequested: [], leaseMs: leaseMs)
    for batch in Batches(leases, queue: { _ in queue }) {
      let request = ExtendScript.Request(worker: worker, leaseMs: leaseMs, leases: batch.places.map { leases[$0] })
      let reply = try await run(ExtendScript.self, request, on: queue, repeats: true)
      whole.deadlineMs = min(whole.deadlineMs, reply.deadlineMs)
      whole.leaseMs = reply.leaseMs
      whole.lost += reply.lost
      whole.cancelRequested += reply.cancelRequested
    }
    return whole
  }

  /// Writes progress of running jobs.
  public func progress(
    _ notes: [ProgressScript.Note], on queue: QueueName, worker: String
  ) async throws(JobError) -> [Settlement.Code] {
    var codes: [Settlement.Code] = []
    for batch in Batches(notes, queue: { _ in queue }, cost: { $0.progress.count }) {
      let request = ProgressScript.Request(worker: worker, notes: batch.places.map { notes[$0] })
      codes += try await run(ProgressScript.self, request, on: queue, repeats: true)
    }
    return codes
  }

  private func claimRequest(_ limit: Int, _ worker: String, _ byteBudget: Int) -> ClaimScript.Request {
    var generator = SystemRandomNumberGenerator()
    return ClaimScript.Request(
      limit: limit, worker: worker, leaseMs: leaseMs, byteBudget: byteBudget,
      nonce: JobIDMinter.nonce(using: &generator), retention: retention)
  }
}

extension Settlement {
  /// Roughly the bytes that it adds to a call.
  var cost: Int {
    switch end {
    case .success(let result): result.count + 128
    case .retry, .dead, .release, .releaseUnknown, .cancelled: 512
    }
  }
}
