/// What operators and the API do; ids may be of several queues, and answers come in their order.
extension JobStore {
  /// Ends waiting jobs, asks running ones to stop.
  public func cancel(_ ids: [JobID]) async throws(JobError) -> [CancelScript.Outcome] {
    try await each(ids, CancelScript.self, repeats: true) { CancelScript.Request(retention: retention, ids: $0) }
  }

  /// Puts ended and waiting jobs back into the line.
  public func requeue(_ ids: [JobID]) async throws(JobError) -> [RequeueScript.Outcome] {
    try await each(ids, RequeueScript.self, repeats: false) { RequeueScript.Request(ids: $0) }
  }

  /// Deletes ended jobs.
  public func purge(_ ids: [JobID]) async throws(JobError) -> [PurgeScript.Outcome] {
    try await each(ids, PurgeScript.self, repeats: false) { PurgeScript.Request(ids: $0) }
  }

  /// Reads jobs; nil where there is none.
  ///
  /// - Parameter isBrief: leaves payload, raw element and result out, for lists.
  public func read(_ ids: [JobID], isBrief: Bool = false) async throws(JobError) -> [JobRecord?] {
    try await each(ids, ReadScript.self, repeats: true) { ReadScript.Request(isBrief: isBrief, ids: $0) }
  }

  /// Reads one job, or nil when there is none.
  public func read(_ id: JobID) async throws(JobError) -> JobRecord? {
    try await read([id]).first ?? nil
  }

  /// Stops or resumes claims of a queue; true when that changed something.
  @discardableResult
  public func setPaused(_ isPaused: Bool, _ queue: QueueName, reason: String = "") async throws(JobError) -> Bool {
    try await register(queue)
    return try await run(PauseScript.self, .init(isPaused: isPaused, reason: reason), on: queue)
  }

  /// Counts a queue.
  public func stats(_ queue: QueueName) async throws(JobError) -> QueueStats {
    try await run(StatsScript.self, .init(), on: queue, repeats: true)
  }

  /// Counts queues, in one round trip.
  public func stats(_ queues: [QueueName]) async throws(JobError) -> [QueueStats] {
    let commands = queues.map { StatsScript.command(.init(), on: keys.queue($0), scripts: scripts) }
    var stats: [QueueStats] = []
    for reply in try await execute(all: commands) { stats.append(try StatsScript.decode(reply, of: .init())) }
    return stats
  }

  /// Recovers, promotes and trims once; `Maintenance` calls it.
  public func reap(
    _ queue: QueueName, deadlyLosses: Int = 3, retention: Retention? = nil
  ) async throws(JobError) -> ReapScript.Reply {
    let request = ReapScript.Request(deadlyLosses: deadlyLosses, retention: retention ?? self.retention)
    return try await run(ReapScript.self, request, on: queue)
  }

  private func each<S: JobScript, Answer>(
    _ ids: [JobID], _ script: S.Type, repeats: Bool, _ request: ([JobID]) -> S.Request
  ) async throws(JobError) -> [Answer] where S.Reply == [Answer] {
    var answers: [Answer?] = Array(repeating: nil, count: ids.count)
    for batch in Batches(ids, queue: { $0.queue }) {
      let part = try await run(script, request(batch.places.map { ids[$0] }), on: batch.queue, repeats: repeats)
      for (place, answer) in zip(batch.places, part) { answers[place] = answer }
    }
    return answers.compactMap { $0 }
  }
}
