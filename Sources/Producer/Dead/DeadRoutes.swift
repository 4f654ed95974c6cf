import HTTPWire
import JSONWire
import Jobs
import Transport

/// `/api/v1/dead`: dead letters, to look at, to run again, to delete.
@EventLoop
final class DeadRoutes {
  private let store: JobStore
  private let queues: QueueNames
  private let scan: DeadScan
  private let actions: DeadActions
  private let maker: JobMaker
  private let runner: DeadTaskRunner
  private let access: AccessControl
  private let maxAttempts: Int
  private let timing: StoreTiming

  /// Letters looked at to count groups.
  private static let mostGrouped = 20_000

  init(
    store: JobStore, queues: QueueNames, scan: DeadScan, actions: DeadActions, maker: JobMaker,
    runner: DeadTaskRunner, access: AccessControl, maxAttempts: Int, timing: StoreTiming
  ) {
    self.store = store
    self.queues = queues
    self.scan = scan
    self.actions = actions
    self.maker = maker
    self.runner = runner
    self.access = access
    self.maxAttempts = maxAttempts
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.dead) { try await self.list($0) }
    router.on(.post, Paths.dead + "/requeue") { try await self.operate(.requeue, $0) }
    router.on(.post, Paths.dead + "/purge") { try await self.operate(.purge, $0) }
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
    let (scanned, isComplete) = try await scan.each(
      filter, where: { viewer.maySee($0) }, mostScanned: Self.mostGrouped
    ) {
      groups.add($0)
      return true
    }
    var writer = JSONWriter(capacity: 256 * (groups.count + 1))
    writer.object { writer in
      groups.write(to: &writer)
      writer.field("scanned", scanned)
      writer.field("complete", isComplete)
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
  }

  /// Does something to the letters of a selection: at once (200), or, to very many, by a job (202).
  private func operate(_ operation: DeadOperation, _ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let selection = try DeadSelection(try request.json().root)
    do {
      var (ids, skipped, isComplete) = try await letters(selection)
      if case .filter(let filter, nil) = selection.target, !isComplete, !selection.isDryRun {
        return try await begin(operation, filter)
      }
      var count = 0
      if !selection.isDryRun {
        for start in stride(from: 0, to: ids.count, by: JobLimits.batchJobs) {
          let batch = Array(ids[start..<min(start + JobLimits.batchJobs, ids.count)])
          for (id, refusal) in zip(batch, try await actions.perform(operation, on: batch)) {
            if let refusal { skipped.append((id, refusal)) } else { count += 1 }
          }
        }
      }
      var writer = JSONWriter()
      writer.object { writer in
        writer.field("matched", ids.count)
        writer.field(operation.done, count)
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
    } catch let error as JobError {
      throw error.forCaller
    }
  }

  /// Makes a job of an operation; what dies from now on is not for it.
  private func begin(_ operation: DeadOperation, _ filter: DeadFilter) async throws -> HTTPResponse {
    var filter = filter
    let now = try await store.nowMs()
    filter.untilMs = min(filter.untilMs ?? .max, now + 1)
    let task = DeadTask(operation: operation, filter: filter)
    let request = JobRequest(kind: operation.kind, payload: task.payload, queue: .operations)
    let job = try await maker.make(request, owner: nil, trace: nil)
    _ = try await timing.measure(.enqueue) { [store] () async throws(JobError) in try await store.enqueue(job) }
    runner.wake()
    return .json(
      JobDocument(job, maxAttempts: maxAttempts).bytes, status: .accepted,
      headers: ["Location": Paths.job(job.id), "Retry-After": "1"])
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
      // Whoever may change dead letters sees all of them. A dry run counts them all.
      let most = limit ?? (selection.isDryRun ? .max : DeadSelection.most)
      var ids: [JobID] = []
      let (_, isComplete) = try await scan.each(filter) { record in
        if ids.count == most { return false }
        ids.append(record.id)
        return true
      }
      return (ids, [], isComplete)
    }
  }

  private var lister: JobLister { JobLister(store: store, timing: timing) }
}
