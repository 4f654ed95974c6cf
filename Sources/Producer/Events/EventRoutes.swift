import HTTPWire
import Jobs
import Transport

/// `GET /api/v1/jobs/{id}/events` and `GET /api/v1/events`: changes as server-sent events (WHATWG HTML section 9.2).
@EventLoop
final class EventRoutes {
  /// Streams open at a time; each costs a connection and a few KiB.
  private static let mostStreams = 5000

  private let hub: EventHub
  private let jobs: JobRoutes
  private let queues: QueueNames
  private let access: AccessControl
  private let owners: JobOwners

  init(hub: EventHub, jobs: JobRoutes, queues: QueueNames, access: AccessControl, owners: JobOwners) {
    self.hub = hub
    self.jobs = jobs
    self.queues = queues
    self.access = access
    self.owners = owners
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.jobs + "/{id}/events") { try await self.job($0) }
    router.on(.get, Paths.events) { try await self.all($0) }
  }

  private func job(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try JobRoutes.id(request)
    try await jobs.admit(request, to: id)
    let stream = JobEventStream(id: id, hub: hub, jobs: jobs, lastEventID: request.headers["Last-Event-ID"])
    if stream.isOver(try await jobs.document(id)) { return HTTPResponse(status: .noContent) }
    try checkRoom()
    return .events { try await stream.run($0) }
  }

  private func all(_ request: HTTPRequest) async throws -> HTTPResponse {
    let query = try ListQuery(events: try request.query())
    let names = try await names(query)
    try checkRoom()
    let stream = ChangeStream(
      queues: names, state: query.state, viewer: access.viewer(of: request), hub: hub, owners: owners,
      lastEventID: request.headers["Last-Event-ID"])
    return .events { try await stream.run($0) }
  }

  private func names(_ query: ListQuery) async throws -> [QueueName] {
    do throws(JobError) {
      let all = try await queues.all()
      return query.queue.map { [$0] } ?? all
    } catch {
      throw error.forCaller
    }
  }

  private func checkRoom() throws(Problem) {
    guard hub.count < Self.mostStreams else {
      throw Problem(
        .unavailable, "too-many-streams", "Too many event streams are open",
        detail: "Close some, or poll.", headers: ["Retry-After": "5"])
    }
  }
}
