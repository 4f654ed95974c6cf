public import RedisWire
public import Transport

/// Makes every token old that a worker may hold from before a restore, and puts back what ran then.
///
/// A token is the pair of delivery number and worker. A restored job has the number that it had at the backup, so that a
/// worker which claimed it before could settle it still, and the next claim could hand out a pair that was out already. So
/// each job's number jumps by a million.
@EventLoop
public enum Reissue {
  /// What was done.
  public struct Report: Sendable, Equatable {
    /// Jobs whose tokens are old now.
    public var jobs: Int64 = 0
    /// Those among them that ran.
    public var takenBack: Int64 = 0

    /// Nothing done.
    public init() {}
  }

  /// Goes over all jobs; nothing else may use the server meanwhile.
  ///
  /// - Parameter onProgress: called with the count of jobs so far.
  /// - Complexity: O(keys).
  /// - Redis: SCAN, the script `reissue`.
  public static func all(
    in store: JobStore, onProgress: @EventLoop (Int64) -> Void = { _ in }
  ) async throws(JobError) -> Report {
    var report = Report()
    var cursor = "0"
    repeat {
      let reply = try await store.execute(
        RedisCommand("SCAN", cursor, "MATCH", store.keys.pattern, "COUNT", "512"))
      guard let parts = reply.elements, parts.count == 2, let next = parts[0].string, let keys = parts[1].elements
      else {
        throw .unexpectedReply(script: "SCAN", detail: "no cursor and page")
      }
      cursor = next
      var ids: [QueueName: [String]] = [:]
      for key in keys.compactMap(\.string) {
        if case .thing(.job(let id), let queue)? = store.keys.content(of: key) { ids[queue, default: []].append(id) }
      }
      for (queue, ids) in ids {
        try await reissue(ids, of: queue, .both, in: store, &report)
      }
      onProgress(report.jobs)
    } while cursor != "0"
    return report
  }

  /// Takes back what runs in each queue, once all keys are there.
  public static func leases(in store: JobStore) async throws(JobError) -> Report {
    var report = Report()
    for queue in try await store.queues() {
      var last = 0
      while true {
        let reply = try await store.execute(
          RedisCommand("ZRANGE", store.keys.queue(queue).running, "0", "\(JobLimits.batchJobs - 1)"))
        let ids = (reply.elements ?? []).compactMap(\.string)
        try await reissue(ids, of: queue, .leases, in: store, &report)
        // What stays is no lease of a running job; the doctor knows what to do with it.
        let count = Int(report.takenBack)
        if ids.count < JobLimits.batchJobs || count == last { break }
        last = count
      }
    }
    return report
  }

  /// Loads the script, as a transaction cannot.
  public static func prepare(_ store: JobStore) async throws(JobError) {
    let request = ReissueScript.Request(.tokens, retention: store.retention, ids: [])
    _ = try await store.run(ReissueScript.self, request, on: QueueName(known: "proof"))
  }

  /// The call that makes the tokens of jobs of one queue old, for those who send it together with other commands.
  public static func command(tokensOf ids: [String], of queue: QueueName, in store: JobStore) -> RedisCommand {
    ReissueScript.command(
      .init(.tokens, retention: store.retention, ids: ids), on: store.keys.queue(queue))
  }

  /// The queue and id of a job's key; nil for any other key.
  public static func job(of key: String, in keys: Keys) -> (queue: QueueName, id: String)? {
    guard case .thing(.job(let id), let queue)? = keys.content(of: key) else { return nil }
    return (queue, id)
  }

  private static func reissue(
    _ ids: [String], of queue: QueueName, _ scope: ReissueScript.Scope, in store: JobStore, _ report: inout Report
  ) async throws(JobError) {
    var rest = ids[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(JobLimits.batchJobs))
      rest = rest.dropFirst(batch.count)
      let request = ReissueScript.Request(scope, retention: store.retention, ids: batch)
      for outcome in try await store.run(ReissueScript.self, request, on: queue) {
        if outcome != .missing { report.jobs += 1 }
        if outcome == .takenBack { report.takenBack += 1 }
      }
    }
  }
}
