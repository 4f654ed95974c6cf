import HTTPWire
import JSONWire
import Jobs
import Transport

/// `/api/v1/queues` and `/api/v1/queues/{q}`.
@EventLoop
final class QueueRoutes {
  private let store: JobStore
  /// Queues that exist even when nothing was ever put in.
  private let configured: [QueueName]
  private let timing: StoreTiming

  init(store: JobStore, configured: [QueueName], timing: StoreTiming) {
    self.store = store
    self.configured = configured
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.queues) { try await self.list($0) }
    router.on(.get, Paths.queues + "/{queue}") { try await self.queue($0) }
  }

  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    var writer = JSONWriter(capacity: 1024)
    do throws(JobError) {
      let documents = try await documents(of: try await names())
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
    let text = try request.parameter("queue")
    do {
      guard let name = QueueName(text), try await names().contains(name) else { throw Problem.queueNotFound(text) }
      var writer = JSONWriter()
      for document in try await documents(of: [name]) { document.write(to: &writer) }
      return .json(writer.bytes, headers: ["Cache-Control": "no-cache"])
    } catch let error as JobError {
      throw error.forCaller
    }
  }

  private func names() async throws(JobError) -> [QueueName] {
    let known = try await timing.measure(.stats) { () async throws(JobError) in try await self.store.queues() }
    return (known + configured.filter { !known.contains($0) }).sorted()
  }

  private func documents(of queues: [QueueName]) async throws(JobError) -> [QueueDocument] {
    var documents: [QueueDocument] = []
    for queue in queues {
      documents.append(
        try await timing.measure(.stats) { () async throws(JobError) in
          let stats = try await self.store.stats(queue)
          return QueueDocument(queue: queue, stats: stats, settings: try await self.store.settings(queue))
        })
    }
    return documents
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
