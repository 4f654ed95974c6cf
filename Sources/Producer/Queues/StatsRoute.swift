import HTTPWire
import JSONWire
import Jobs
import Transport

/// `GET /api/v1/stats`: all queues and the last hour's counters in one answer, for dashboards.
@EventLoop
final class StatsRoute {
  private static let minutes = 60

  private let store: JobStore
  private let queues: QueueNames
  private let timing: StoreTiming

  init(store: JobStore, queues: QueueNames, timing: StoreTiming) {
    self.store = store
    self.queues = queues
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.stats) { try await self.stats($0) }
  }

  private func stats(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    do throws(JobError) {
      let names = try await queues.all()
      let (documents, history) = try await timing.measure(.stats) {
        () async throws(JobError) -> ([QueueDocument], [QueueMinute]) in
        let documents = try await QueueDocument.read(names, from: self.store)
        // A minute that ends between two queues' answers is the earlier one's last.
        guard let now = documents.map(\.stats.nowMs).min() else { return (documents, [QueueMinute]()) }
        return (documents, try await self.store.history(of: names, endingAt: now, minutes: Self.minutes))
      }
      return .json(Self.json(documents, history), headers: ["Cache-Control": "no-cache"])
    } catch {
      throw error.forCaller
    }
  }

  private static func json(_ documents: [QueueDocument], _ history: [QueueMinute]) -> [UInt8] {
    var writer = JSONWriter(capacity: 8192)
    writer.object { writer in
      writer.array("queues") { writer in
        for document in documents { document.write(to: &writer) }
      }
      writer.array("history") { writer in
        for minute in history {
          writer.object { writer in
            writer.optional("at", JobDocument.instant(minute.startMs))
            for (name, count) in minute.counts { writer.field(name, count) }
            writer.key("wait_seconds")
            if let wait = minute.meanWaitSeconds { writer.double(wait) } else { writer.null() }
          }
        }
      }
    }
    return writer.bytes
  }
}
