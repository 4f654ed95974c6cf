import HTTPWire
import JSONWire
import Jobs
import Transport

/// `/api/v1/queues`, `/api/v1/queues/{q}` and what is done to a queue.
@EventLoop
final class QueueRoutes {
  private let store: JobStore
  private let queues: QueueNames
  private let timing: StoreTiming

  init(store: JobStore, queues: QueueNames, timing: StoreTiming) {
    self.store = store
    self.queues = queues
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.queues) { try await self.list($0) }
    router.on(.get, Paths.queues + "/{queue}") { try await self.queue($0) }
    router.on(.patch, Paths.queues + "/{queue}") { try await self.change($0) }
    router.on(.post, Paths.queues + "/{queue}/pause") { try await self.pause($0) }
    router.on(.post, Paths.queues + "/{queue}/resume") { try await self.resume($0) }
  }

  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    var writer = JSONWriter(capacity: 1024)
    do throws(JobError) {
      let documents = try await documents(of: try await queues.all())
      writer.object { writer in
        writer.array("queues") { writer in
          for document in documents { document.write(to: &writer) }
        }
      }
    } catch {
      throw error.forCaller
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
  }

  private func queue(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    return try await answer(try await queues.named(try request.parameter("queue")))
  }

  /// Changes settings as a merge patch (RFC 7396) of the queue's `config`: `null` follows the programs' own again.
  private func change(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let name = try await queues.named(try request.parameter("queue"))
    let document = try request.json(types: ["application/json", "application/merge-patch+json"])
    let changes = try QueuePatch.changes(document.root)
    try await configure { () async throws(JobError) in try await self.store.change(changes, of: name) }
    return try await answer(name)
  }

  /// Stops claims; what runs goes on, and so does enqueue. The reason is shown to whoever asks.
  private func pause(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let name = try await queues.named(try request.parameter("queue"))
    let reason = request.body.isEmpty ? "" : try QueuePatch.reason(try request.json().root)
    try await configure { () async throws(JobError) in
      _ = try await self.store.setPaused(true, name, reason: reason)
    }
    return try await answer(name)
  }

  private func resume(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let name = try await queues.named(try request.parameter("queue"))
    try await configure { () async throws(JobError) in _ = try await self.store.setPaused(false, name) }
    return try await answer(name)
  }

  private func answer(_ name: QueueName) async throws -> HTTPResponse {
    do throws(JobError) {
      var writer = JSONWriter()
      for document in try await documents(of: [name]) { document.write(to: &writer) }
      return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
    } catch {
      throw error.forCaller
    }
  }

  private func configure(_ body: @escaping @EventLoop @Sendable () async throws(JobError) -> Void) async throws {
    do throws(JobError) { try await timing.measure(.configure, body) } catch { throw error.forCaller }
  }

  private func documents(of queues: [QueueName]) async throws(JobError) -> [QueueDocument] {
    try await timing.measure(.stats) { () async throws(JobError) in
      try await QueueDocument.read(queues, from: self.store)
    }
  }
}

extension Problem {
  /// 404 for a name that no queue has.
  static func queueNotFound(_ name: String) -> Problem {
    Problem(
      .notFound, "queue-not-found", "There is no such queue",
      detail: "No job was ever put into a queue called \(name.prefix(64)), and QUEUES does not name it.")
  }
}
