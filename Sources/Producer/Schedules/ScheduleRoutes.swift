import HTTPWire
import JSONWire
import Jobs
import Sealing
import Transport

/// `/api/v1/schedules`: jobs that go in by the clock.
@EventLoop
final class ScheduleRoutes {
  private static let runsShown = 5

  private let schedules: ScheduleStore
  private let zones: ZoneLibrary
  private let templates: ScheduleTemplate
  private let runner: ScheduleRunner
  private let access: AccessControl
  private let maxAttempts: Int
  private let timing: StoreTiming

  init(
    schedules: ScheduleStore, zones: ZoneLibrary, templates: ScheduleTemplate, runner: ScheduleRunner,
    access: AccessControl, maxAttempts: Int, timing: StoreTiming
  ) {
    self.schedules = schedules
    self.zones = zones
    self.templates = templates
    self.runner = runner
    self.access = access
    self.maxAttempts = maxAttempts
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.schedules) { try await self.list($0) }
    router.on(.get, Paths.schedules + "/{name}") { try await self.show($0) }
    let body = RouteOptions(bodyLimit: templates.maxBytes)
    router.on(.put, Paths.schedules + "/{name}", options: body) { try await self.define($0) }
    router.on(.delete, Paths.schedules + "/{name}") { try await self.delete($0) }
    router.on(.post, Paths.schedules + "/{name}/run") { try await self.run($0) }
  }

  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let viewer = access.viewer(of: request)
    let found = try await measured { schedules async throws(JobError) in
      let names = try await schedules.names()
      return zip(names, try await schedules.read(names)).map { ($0, $1) }
    }
    var writer = JSONWriter(capacity: 512 * (found.count + 1))
    writer.object { writer in
      writer.array("schedules") { writer in
        for (name, schedule) in found {
          guard let schedule, viewer.maySee(schedule.template) else { continue }
          ScheduleDocument(name: name, schedule: schedule).write(to: &writer)
        }
      }
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
  }

  private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let (name, schedule) = try await found(request)
    return .json(try await document(name, schedule), headers: ["Cache-Control": "no-cache"])
  }

  /// Defines a schedule, or defines it anew. One whose times stay the same keeps its next run, so that a deployment that
  /// defines everything each time does not put an `@every` off for ever.
  private func define(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    guard let name = ScheduleName(try request.parameter("name")) else {
      throw Problem.invalidSchedule([
        JSONProblem(pointer: "", detail: "the name in the path must be \(ScheduleName.expected)")
      ])
    }
    let document = try request.json(limits: JSONLimits(bytes: templates.maxBytes))
    let asked: ScheduleRequest
    do {
      asked = try ScheduleRequest(document.root, templates, owner: access.viewer(of: request).owner)
    } catch let error as JobError {
      throw error.forCaller
    }
    let zone: TimeZoneFile
    do throws(ZoneFolder.Unknown) {
      zone = try await zones.zone(asked.zone)
    } catch {
      throw Problem.invalidSchedule([JSONProblem(pointer: "/tz", detail: error.description)])
    }
    let revision = Hex.string(try SecureRandom.bytes(8))
    let definition = ScheduleDefinition(asked: asked, name: name, zone: zone, revision: revision, runner: runner)
    // Each turn but the last meets a run, or another definition, in between.
    for _ in 0..<8 {
      switch try await measured({ schedules async throws(JobError) in try await definition.write(to: schedules) }) {
      case .overtaken: continue
      case .jobMissing:
        throw Problem.invalidSchedule([JSONProblem(pointer: "/job", detail: "required, as there is no schedule yet")])
      case .tooMany: throw Problem.tooManySchedules
      case .written(let schedule, let isNew):
        var headers: HTTPHeaders = ["Cache-Control": "no-cache"]
        if isNew { headers.append("Location", Paths.schedule(name)) }
        return .json(try await self.document(name, schedule), status: isNew ? .created : .ok, headers: headers)
      }
    }
    throw Problem(
      .conflict, "state-conflict", "The schedule changes too fast",
      detail: "Others defined \(name) again and again meanwhile. Send the request again.")
  }

  private func delete(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let (name, _) = try await found(request)
    let existed = try await measured { schedules async throws(JobError) in try await schedules.delete(name) }
    guard existed else { throw Problem.scheduleNotFound(name.text) }
    return HTTPResponse(status: .noContent)
  }

  /// Puts a job in now; the schedule's own times stay as they are.
  private func run(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let (name, schedule) = try await found(request)
    do {
      let job = try await runner.runNow(schedule, name)
      return .json(
        JobDocument(job, maxAttempts: maxAttempts).bytes, status: .accepted,
        headers: ["Location": Paths.job(job.id), "Retry-After": "1"])
    } catch let error as JobRequestError {
      throw Problem(error)
    } catch let error as JobError {
      throw error.forCaller
    }
  }

  private func found(_ request: HTTPRequest) async throws -> (ScheduleName, Schedule) {
    let text = try request.parameter("name")
    let viewer = access.viewer(of: request)
    guard let name = ScheduleName(text),
      let schedule = try await measured({ schedules async throws(JobError) in try await schedules.read(name) }),
      viewer.maySee(schedule.template)
    else { throw Problem.scheduleNotFound(text) }
    return (name, schedule)
  }

  private func document(_ name: ScheduleName, _ schedule: Schedule) async throws -> [UInt8] {
    // A zone that is not known here any more has no runs to show.
    var runs: [Int64] = []
    do throws(ZoneFolder.Unknown) {
      runs = schedule.runs(Self.runsShown, in: try await zones.zone(schedule.zone))
    } catch {}
    var writer = JSONWriter(capacity: 1024)
    ScheduleDocument(name: name, schedule: schedule, runs: runs).write(to: &writer)
    return writer.bytes
  }

  private func measured<Value: Sendable>(
    _ body: @escaping @EventLoop @Sendable (ScheduleStore) async throws(JobError) -> Value
  ) async throws -> Value {
    let schedules = schedules
    do throws(JobError) {
      return try await timing.measure(.schedule) { () async throws(JobError) in try await body(schedules) }
    } catch {
      throw error.forCaller
    }
  }
}
