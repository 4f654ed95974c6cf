import Jobs
import Transport

/// Goes through dead letters, the newest first, without changing any.
@EventLoop
struct DeadScan: Sendable {
  let store: JobStore
  let queues: QueueNames
  let timing: StoreTiming

  /// Looks at letters until `body` has enough.
  ///
  /// - Parameters:
  ///   - isVisible: which letters may be looked at.
  ///   - mostScanned: after how many letters it ends.
  ///   - beat: called between pages, for those who hold a lease.
  /// - Returns: how many were looked at, and whether these were all.
  @discardableResult
  func each(
    _ filter: DeadFilter, where isVisible: @Sendable (JobRecord) -> Bool = { _ in true }, mostScanned: Int = .max,
    beat: () async throws(JobError) -> Void = { () throws(JobError) in }, _ body: (JobRecord) -> Bool
  ) async throws(JobError) -> (scanned: Int, isComplete: Bool) {
    var query = ListQuery(state: .dead, queue: filter.queue, limit: ListQuery.limits.upperBound)
    let names = try await queues.all()
    let lister = JobLister(store: store, timing: timing)
    var scanned = 0
    while true {
      let page = try await lister.page(query, of: names) { filter.fits($0) && isVisible($0) }
      scanned += page.scanned
      for record in page.records where !body(record) { return (scanned, false) }
      guard let next = page.next else { return (scanned, true) }
      if scanned >= mostScanned { return (scanned, false) }
      query.cursor = next
      try await beat()
    }
  }
}
