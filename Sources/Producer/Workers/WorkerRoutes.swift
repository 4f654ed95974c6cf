import HTTPWire
import JSONWire
import Jobs
import Transport

/// `/api/v1/workers`: who works, and what they do.
@EventLoop
final class WorkerRoutes {
  private let store: JobStore
  private let registry: WorkerRegistry
  private let queues: QueueNames
  private let access: AccessControl
  private let timing: StoreTiming

  init(store: JobStore, registry: WorkerRegistry, queues: QueueNames, access: AccessControl, timing: StoreTiming) {
    self.store = store
    self.registry = registry
    self.queues = queues
    self.access = access
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.workers) { try await self.list($0) }
    router.on(.get, Paths.workers + "/{worker}") { try await self.worker($0) }
    router.on(.post, Paths.workers + "/{worker}/quiet") { try await self.quiet($0) }
  }

  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let workers = try await sightings()
    var writer = JSONWriter(capacity: 256 * (workers.count + 1))
    writer.object { writer in
      writer.array("workers") { writer in
        for worker in workers { writer.object { writer in Self.write(worker, to: &writer) } }
      }
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
  }

  /// A worker with the jobs that it runs.
  private func worker(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try request.parameter("worker")
    let viewer = access.viewer(of: request)
    guard let worker = try await sightings().first(where: { $0.id == id }) else { throw Problem.workerNotFound(id) }
    do throws(JobError) {
      let query = ListQuery(state: .running, queue: nil, limit: ListQuery.limits.upperBound)
      let page = try await JobLister(store: store, timing: timing).page(query, of: try await queues.all()) {
        $0.worker == id && viewer.maySee($0)
      }
      var writer = JSONWriter()
      writer.object { writer in
        Self.write(worker, to: &writer)
        writer.array("running") { writer in
          for record in page.records {
            writer.object { writer in
              writer.field("id", record.id.text)
              writer.optional("kind", record.kind)
              writer.optional("started_at", JobDocument.instant(record.startedMs))
            }
          }
        }
      }
      return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
    } catch {
      throw error.forCaller
    }
  }

  /// Asks a worker to claim nothing more; it does so with its next beat, within five seconds.
  private func quiet(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try request.parameter("worker")
    let isAlive: Bool
    do throws(JobError) {
      isAlive = try await timing.measure(.quiet) { () async throws(JobError) in
        try await self.registry.askForQuiet(id)
      }
    } catch {
      throw error.forCaller
    }
    guard isAlive, let worker = try await sightings().first(where: { $0.id == id }) else {
      throw Problem.workerNotFound(id)
    }
    var writer = JSONWriter()
    writer.object { writer in Self.write(worker, to: &writer) }
    return .json(writer.bytes, status: .accepted, headers: ["Retry-After": "5"])
  }

  private func sightings() async throws -> [WorkerSighting] {
    do throws(JobError) {
      return try await timing.measure(.workers) { () async throws(JobError) in try await self.registry.list() }
    } catch {
      throw error.forCaller
    }
  }

  private static func write(_ worker: WorkerSighting, to writer: inout JSONWriter) {
    writer.field("id", worker.id)
    writer.field("state", worker.state.rawValue)
    writer.optional("host", worker.host)
    writer.number("pid", worker.processID)
    writer.optional("version", worker.version)
    writer.field("queues", worker.queues.map(\.text))
    writer.number("slots", worker.slots)
    writer.number("busy", worker.busy)
    writer.number("rss_bytes", worker.residentBytes)
    writer.optional("last_beat_at", JobDocument.instant(worker.beatMs))
    writer.object("links") { writer in
      writer.field("self", Paths.worker(worker.id))
      writer.field("quiet", Paths.worker(worker.id) + "/quiet")
    }
  }
}

extension Problem {
  /// 404 for an id that no worker has.
  static func workerNotFound(_ id: String) -> Problem {
    Problem(
      .notFound, "worker-not-found", "There is no such worker",
      detail: "No worker that is alive has the id \(id.prefix(128)).")
  }
}
