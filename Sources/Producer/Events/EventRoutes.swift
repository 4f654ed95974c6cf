import HTTPWire
import JSONWire
import Jobs
import Transport

/// `GET /api/v1/jobs/{id}/events` and `GET /api/v1/events`: changes as server-sent events (WHATWG HTML section 9.2).
@EventLoop
final class EventRoutes {
  /// Streams open at a time; each costs a connection and a few KiB.
  private static let mostStreams = 5000
  /// A comment after this silence shows both ends that the other is there.
  private static let heartbeat = Duration.seconds(15)
  /// How long a reader waits before it connects again.
  private static let retryMs = 2000

  private let hub: EventHub
  private let jobs: JobRoutes
  private let queues: QueueNames

  init(hub: EventHub, jobs: JobRoutes, queues: QueueNames) {
    self.hub = hub
    self.jobs = jobs
    self.queues = queues
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.jobs + "/{id}/events") { try await self.job($0) }
    router.on(.get, Paths.events) { try await self.all($0) }
  }

  /// The job as it is, then each change, then `end`. A reader that comes back after the end is told by 204 to stay away.
  private func job(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let id = try JobRoutes.id(request)
    try await jobs.admit(request, to: id)
    let first = try await jobs.document(id)
    let known = request.headers["Last-Event-ID"]
    if first.isDone, known == Self.name(first) { return HTTPResponse(status: .noContent) }
    try checkRoom()
    return .events { [self] writer in
      let listener = hub.enter([id.queue], jobID: id)
      defer { hub.leave(listener) }
      var last = known
      try await follow(listener, writer) {
        // The hash is the truth: whatever was heard, it is read.
        let document: JobDocument
        do {
          document = try await self.jobs.document(id)
        } catch let problem as Problem where problem.slug == "job-not-found" {
          try await writer.write(ServerSentEvent(event: "end", data: Array("{}".utf8)))
          return false
        } catch is Problem {
          // Redis is away; its return rings again.
          return true
        }
        let name = Self.name(document)
        if name != last {
          last = name
          try await writer.write(
            ServerSentEvent(id: name, event: "job", data: document.bytes, retryMs: Self.retryMs))
        }
        guard document.isDone else { return true }
        try await writer.write(ServerSentEvent(id: name, event: "end", data: Array("{}".utf8)))
        return false
      }
    }
  }

  /// Every change of every job, or of one queue's, or to one state: `{"id","queue","state"}`. What happened while nobody listened is not
  /// told again: `reset` says that the reader should read lists anew.
  private func all(_ request: HTTPRequest) async throws -> HTTPResponse {
    let query = try ListQuery(events: try request.query())
    var names = try await names(query)
    if names.isEmpty, let queue = query.queue { names = [queue] }
    try checkRoom()
    let isReturning = request.headers.contains("Last-Event-ID")
    return .events { [self, names] writer in
      let listener = hub.enter(names)
      defer { hub.leave(listener) }
      try await writer.write(
        ServerSentEvent(id: "0", event: isReturning ? "reset" : "hello", data: Array("{}".utf8), retryMs: Self.retryMs))
      try await follow(listener, writer) {
        if listener.noticeReset() { try await writer.write(ServerSentEvent(event: "reset", data: Array("{}".utf8))) }
        var bytes: [UInt8] = []
        for event in listener.take() where query.state == nil || event.state == query.state {
          var json = JSONWriter(capacity: 96)
          json.object { json in
            json.field("id", event.id.text)
            json.field("queue", event.id.queue.text)
            json.field("state", event.state.rawValue)
          }
          bytes += ServerSentEvent(id: "0", event: "job", data: json.bytes).encoded
        }
        if !bytes.isEmpty { try await writer.write(bytes) }
        return true
      }
    }
  }

  /// Calls `look` now and after each ring until it has had enough, the process ends or the reader goes or falls behind.
  private func follow(
    _ listener: EventHub.Listener, _ writer: ResponseWriter, _ look: () async throws -> Bool
  ) async throws {
    var isSilent = false
    let beat = LoopTimer {
      isSilent = true
      listener.bell.raise()
    }
    defer { beat.cancel() }
    while true {
      let seen = listener.bell.generation
      let before = writer.bytesWritten
      if isSilent { try await writer.write(ServerSentEvent.comment("beat")) }
      isSilent = false
      guard try await look(), !listener.isOver, !Task.isCancelled, writer.isOpen else { return }
      if writer.bytesWritten != before || !beat.isArmed { beat.schedule(after: Self.heartbeat) }
      await listener.bell.wait(after: seen)
    }
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

  /// What a reader sends back as Last-Event-ID: it changes with all that a reader sees.
  private static func name(_ document: JobDocument) -> String {
    do { return try EntityTag(of: document.bytes).opaque } catch { return "" }
  }
}
