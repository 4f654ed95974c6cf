internal import RedisWire

extension Examination {
  /// Mends findings, each thing in one atomic step that looks anew; what has been put right meanwhile is left alone.
  ///
  /// A process that ends in the middle leaves each thing as it was or mended.
  ///
  /// - Returns: the findings that are left.
  public func mend(_ findings: [Finding]) async throws(JobError) -> [Finding] {
    var left: [Finding] = []
    var mended: Set<ExaminedPlace> = []
    for (index, finding) in findings.enumerated() {
      onProgress(Progress(step: "mending", done: Int64(index), total: Int64(findings.count)))
      switch finding.place {
      case .thing(let thing, let queue):
        guard mended.insert(ExaminedPlace(thing, in: queue)).inserted else { continue }
        let request = MendScript.Request(thing: thing, retention: store.retention)
        let reply = try await store.run(MendScript.self, request, on: queue, repeats: true)
        left += reply.left.map { Finding($0, of: thing, in: store.keys.queue(queue)) }
      case .statsField(let field, _): _ = try await store.execute(RedisCommand("HDEL", finding.key, field))
      case .queue(let queue): _ = try await store.execute(RedisCommand("SADD", store.keys.queues, queue.text))
      case .schedule(let name): try await ScheduleStore(store).index(name)
      case .key: left.append(finding)
      }
    }
    return left
  }
}
