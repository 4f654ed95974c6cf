import Jobs
import Transport

/// Finds a page of jobs through queues and states, in the order of both.
@EventLoop
struct JobLister {
  /// A page.
  struct Page: Sendable {
    /// The jobs, without payloads and results.
    var records: [JobRecord] = []
    /// Raw elements that were met and have no id yet.
    var raw = 0
    /// How many entries were looked at.
    var scanned = 0
    /// Where to go on; nil at the end.
    var next: ListCursor?
  }

  /// States in the order of a list over all.
  private static let states: [JobState] = [.running, .ready, .retrying, .scheduled, .dead, .succeeded, .cancelled]

  let store: JobStore
  let timing: StoreTiming

  /// Finds the page that a query asks for.
  ///
  /// - Parameters:
  ///   - queues: all queues, in order.
  ///   - fits: what else a job must be to be on the page.
  func page(
    _ query: ListQuery, of queues: [QueueName], where fits: @Sendable (JobRecord) -> Bool = { _ in true }
  ) async throws(JobError) -> Page {
    var page = Page()
    for source in sources(query, queues) {
      var offset =
        source == query.cursor.map({ Source(queue: $0.queue, state: $0.state) }) ? query.cursor?.offset ?? 0 : 0
      while true {
        let missing = query.limit - page.records.count
        guard missing > 0, page.scanned < ListQuery.mostScanned else {
          page.next = ListCursor(queue: source.queue, state: source.state, offset: offset)
          return page
        }
        // Never more than the page still holds, so that no job falls between two pages.
        let (position, limit) = (offset, min(256, missing))
        let part = try await timing.measure(.list) { () async throws(JobError) in
          try await store.list(source.queue, state: source.state, offset: position, limit: limit)
        }
        let end = take(part, of: query, fits, &page)
        page.scanned += limit
        guard let end else { break }
        offset = end
      }
    }
    return page
  }

  private struct Source: Equatable {
    var queue: QueueName
    var state: JobState
  }

  /// What is looked through, from the cursor on.
  private func sources(_ query: ListQuery, _ queues: [QueueName]) -> [Source] {
    let all = (query.queue.map { [$0] } ?? queues).flatMap { queue in
      (query.state.map { [$0] } ?? Self.states).map { Source(queue: queue, state: $0) }
    }
    guard let cursor = query.cursor else { return all }
    let start = all.firstIndex(of: Source(queue: cursor.queue, state: cursor.state)) ?? all.count
    return Array(all[start...])
  }

  /// Takes what fits of a part; says where to go on, nil where the source ends.
  private func take(
    _ part: JobPage, of query: ListQuery, _ fits: (JobRecord) -> Bool, _ page: inout Page
  ) -> Int? {
    page.raw += part.raw
    for record in part.records where (query.kind == nil || record.kind == query.kind) && fits(record) {
      page.records.append(record)
    }
    return part.nextOffset
  }
}
