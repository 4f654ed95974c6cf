internal import RedisWire

extension JobStore {
  /// Puts one job in.
  ///
  /// - Returns: what became of it; `full` is thrown as `queueFull`.
  public func enqueue(_ job: NewJob) async throws(JobError) -> EnqueueScript.Outcome {
    guard let result = await enqueue([job]).first else { throw .queueFull(job.id.queue) }
    let outcome = try result.get()
    if outcome == .full { throw .queueFull(job.id.queue) }
    return outcome
  }

  /// Puts jobs in, of one or several queues, in as few calls as the bounds allow.
  ///
  /// Each call is carried out whole or not at all. When its answer was lost it is sent again with the same ids, so that no
  /// job is in twice.
  ///
  /// - Returns: one result a job, in their order.
  public func enqueue(_ jobs: [NewJob]) async -> [Result<EnqueueScript.Outcome, JobError>] {
    var results = [Result<EnqueueScript.Outcome, JobError>](
      repeating: .failure(.storeUnavailable(.cancelled(sent: false))), count: jobs.count)
    for batch in Batches(jobs, queue: { $0.id.queue }, cost: { $0.cost }) {
      let outcomes = await enqueue(batch.places.map { jobs[$0] }, on: batch.queue)
      for (index, place) in batch.places.enumerated() {
        results[place] = outcomes.map { $0[index] }
      }
    }
    return results
  }

  private func enqueue(
    _ jobs: [NewJob], on queue: QueueName
  ) async -> Result<[EnqueueScript.Outcome], JobError> {
    do throws(JobError) {
      try await register(queue)
      var repeated = false
      let request = EnqueueScript.Request(maxDepth: maxDepth, jobs: jobs)
      var outcomes = try await run(EnqueueScript.self, request, on: queue, repeats: true, repeated: &repeated)
      if repeated {
        // The first call may have been carried out: then a job is a replay of itself, which its caller calls created.
        for (index, job) in jobs.enumerated() where outcomes[index] == .replayed(job.id) {
          outcomes[index] = .created
        }
      }
      return .success(outcomes)
    } catch {
      return .failure(error)
    }
  }
}
