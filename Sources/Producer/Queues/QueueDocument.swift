import JSONWire
import Jobs

/// A queue as its caller sees it.
struct QueueDocument: Sendable {
  let queue: QueueName
  let stats: QueueStats
  let settings: QueueSettings

  /// Reads queues, in two round trips however many they are.
  static func read(_ queues: [QueueName], from store: JobStore) async throws(JobError) -> [QueueDocument] {
    let (stats, settings) = (try await store.stats(queues), try await store.settings(queues))
    return zip(queues, zip(stats, settings)).map { QueueDocument(queue: $0, stats: $1.0, settings: $1.1) }
  }

  /// Writes it as an object.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", queue.text)
      writer.object("counts") { writer in writeCounts(to: &writer) }
      writer.key("oldest_age_seconds")
      if let age = stats.oldestReadyAgeMs { writer.double(Double(age) / 1000) } else { writer.null() }
      writer.optional("next_due_at", JobDocument.instant(stats.nextDueMs))
      writer.field("paused", stats.isPaused)
      writer.optional("paused_reason", stats.isPaused ? settings.pausedReason : nil)
      writer.optional("paused_at", JobDocument.instant(stats.isPaused ? settings.pausedMs : nil))
      writer.object("config") { writer in writeSettings(to: &writer) }
      writer.object("links") { writer in writer.field("self", Paths.queue(queue)) }
    }
  }

  private func writeCounts(to writer: inout JSONWriter) {
    writer.field("ready", stats.ready)
    writer.field("scheduled", stats.scheduled)
    writer.field("retrying", stats.retrying)
    writer.field("running", stats.running)
    writer.field("done", stats.done)
    writer.field("dead", stats.dead)
  }

  /// What is `null` follows the programs' own settings.
  private func writeSettings(to writer: inout JSONWriter) {
    writer.number("lease_ms", settings.leaseMs)
    writer.number("max_attempts", settings.maxAttempts.map(Int64.init))
    writer.number("max_depth", settings.maxDepth)
  }
}

extension JSONWriter {
  /// Writes a member, `null` for nil.
  mutating func number(_ name: String, _ value: Int64?) {
    if let value { field(name, value) } else { fieldNull(name) }
  }
}
