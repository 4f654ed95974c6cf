import HTTPWire
import JSONWire
import Jobs
import Transport

/// `/api/v1/dead`: dead letters, to look at, to run again, to delete.
@EventLoop
final class DeadRoutes {
  private let store: JobStore
  private let queues: QueueNames
  private let access: AccessControl
  private let maxAttempts: Int
  private let timing: StoreTiming

  /// Letters looked at to count groups.
  private static let mostGrouped = 20_000

  init(store: JobStore, queues: QueueNames, access: AccessControl, maxAttempts: Int, timing: StoreTiming) {
    self.store = store
    self.queues = queues
    self.access = access
    self.maxAttempts = maxAttempts
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.dead) { try await self.list($0) }
    router.on(.post, Paths.dead + "/requeue") { try await self.requeue($0) }
    router.on(.post, Paths.dead + "/purge") { try await self.purge($0) }
  }

  /// The newest first, or counts by error.
  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    let parameters = try request.query()
    let query = try ListQuery(parameters, fixedState: .dead, others: DeadFilter.names.union(["group_by"]))
    let filter = try DeadFilter(parameters)
    let viewer = access.viewer(of: request)
    do {
      switch parameters["group_by"] {
      case nil:
        let page = try await lister.page(query, of: try await queues.all()) { filter.fits($0) && viewer.maySee($0) }
        return ListRoutes.answer(page, maxAttempts: maxAttempts, to: request)
      case "error"?:
        return try await grouped(filter, for: viewer)
      default:
        throw Problem(
          .badRequest, "invalid-filter", "The filter is not valid",
          errors: [FieldProblem("/group_by", "must be error")])
      }
    } catch let error as JobError {
      throw error.forCaller
    }
  }

  private func grouped(_ filter: DeadFilter, for viewer: Viewer) async throws(JobError) -> HTTPResponse {
    var groups = DeadGroups()
    let (scanned, isComplete) = try await each(filter, for: viewer, mostScanned: Self.mostGrouped) {
      groups.add($0); return true
    }
    var writer = JSONWriter(capacity: 256 * (groups.count + 1))
    writer.object { writer in
      groups.write(to: &writer)
      writer.field("scanned", scanned)
      writer.field("complete", isComplete)
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
  }

  private func requeue(_ request: HTTPRequest) async throws -> HTTPResponse {
    try await operate(request, "requeued", .requeue) { [store] ids async throws(JobError) in
      try await store.requeue(ids).map { outcome in
        switch outcome {
        case .requeued: nil
        case .payloadGone: "payload_gone"
        case .unchanged(let state): state.rawValue
        case .missing: "missing"
        }
      }
    }
  }

  private func purge(_ request: HTTPRequest) async throws -> HTTPResponse {
    try await operate(request, "purged", .purge) { [store] ids async throws(JobError) in
      try await store.purge(ids).map { outcome in
        switch outcome {
        case .purged: nil
        case .unfinished(let state): state.rawValue
        case .missing: "missing"
        }
      }
    }
  }

  /// Does something to the letters of a selection.
  ///
  /// - Parameters:
  ///   - done: how the answer names those to which it was done.
  ///   - act: answers for each why it was not done to it, or nil.
  private func operate(
    _ request: HTTPRequest, _ done: String, _ operation: StoreTiming.Operation,
    _ act: @escaping @EventLoop @Sendable ([JobID]) async throws(JobError) -> [String?]
  ) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let selection = try DeadSelection(try request.json().root)
    do throws(JobError) {
      let (ids, skippedFirst, isComplete) = try await letters(selection)
      var skipped = skippedFirst
      var count = 0
      if !selection.isDryRun {
        for start in stride(from: 0, to: ids.count, by: JobLimits.batchJobs) {
          let batch = Array(ids[start..<min(start + JobLimits.batchJobs, ids.count)])
          let refusals = try await timing.measure(operation) { () async throws(JobError) in try await act(batch) }
          for (id, refusal) in zip(batch, refusals) {
            if let refusal { skipped.append((id, refusal)) } else { count += 1 }
          }
        }
      }
      var writer = JSONWriter()
      writer.object { writer in
        writer.field("matched", ids.count)
        writer.field(done, count)
        writer.array("skipped") { writer in
          for (id, reason) in skipped {
            writer.object { writer in
              writer.field("id", id.text)
              writer.field("reason", reason)
            }
          }
        }
        writer.field("dry_run", selection.isDryRun)
        writer.field("complete", isComplete)
      }
      return .json(writer.bytes)
    } catch {
      throw error.forCaller
    }
  }

  /// The letters of a selection, those of its ids that are none, and whether it is whole.
  private func letters(
    _ selection: DeadSelection
  ) async throws(JobError) -> (ids: [JobID], skipped: [(JobID, String)], isComplete: Bool) {
    switch selection.target {
    case .ids(let ids):
      let records = try await timing.measure(.read) { () async throws(JobError) in
        try await self.store.read(ids, isBrief: true)
      }
      var dead: [JobID] = []
      var skipped: [(JobID, String)] = []
      for (id, record) in zip(ids, records) {
        if record?.state == .dead {
          dead.append(id)
        } else {
          skipped.append((id, record.map { $0.state?.rawValue ?? "unknown" } ?? "missing"))
        }
      }
      return (dead, skipped, true)
    case .filter(let filter, let limit):
      // Whoever may change dead letters sees all of them.
      var ids: [JobID] = []
      let (_, isComplete) = try await each(filter, for: .everybody, mostScanned: .max) { record in
        if ids.count == limit { return false }
        ids.append(record.id)
        return true
      }
      return (ids, [], isComplete)
    }
  }

  /// Looks at dead letters that `viewer` may see until `body` has enough; says how many were looked at, and whether these were all.
  private func each(
    _ filter: DeadFilter, for viewer: Viewer, mostScanned: Int, _ body: (JobRecord) -> Bool
  ) async throws(JobError) -> (scanned: Int, isComplete: Bool) {
    var query = ListQuery(state: .dead, queue: filter.queue, limit: ListQuery.limits.upperBound)
    let names = try await queues.all()
    var scanned = 0
    while true {
      let page = try await lister.page(query, of: names) { filter.fits($0) && viewer.maySee($0) }
      scanned += page.scanned
      for record in page.records where !body(record) { return (scanned, false) }
      guard let next = page.next else { return (scanned, true) }
      if scanned >= mostScanned { return (scanned, false) }
      query.cursor = next
    }
  }

  private var lister: JobLister { JobLister(store: store, timing: timing) }
}
