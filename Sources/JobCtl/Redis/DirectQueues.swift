import JSONWire
import Jobs
import RedisWire
import Service
import Transport

/// Queues read and stopped in Redis itself, for when no producer answers; the JSON is that of the API, as far as it goes.
@EventLoop
enum DirectQueues {
  /// Whether the command line asks for Redis in place of the API.
  static func isAsked(_ call: Call) -> Bool { call.arguments["redis-url"] != nil }

  /// All queues in numbers.
  static func list(_ call: Call) async throws(ProgramEnd) -> JSONValue {
    try await with(call) { (store) throws(JobError) in
      var writer = JSONWriter()
      let queues = try await store.queues()
      var stats: [(String, QueueStats)] = []
      for queue in queues { stats.append((queue.text, try await store.stats(queue))) }
      writer.object { writer in
        writer.array("queues") { writer in
          for (name, stats) in stats { writer.object { write(name, stats, to: &$0) } }
        }
      }
      return writer.bytes
    }
  }

  /// Stops or begins claims.
  static func setPaused(_ isPaused: Bool, _ name: String, _ call: Call) async throws(ProgramEnd) -> JSONValue {
    guard let queue = QueueName(name) else {
      throw .usage("\"\(TextTable.plain(name))\" is no queue; expected \(QueueName.expected)")
    }
    return try await with(call) { (store) throws(JobError) in
      try await store.setPaused(isPaused, queue, reason: call.arguments["reason"] ?? "")
      let stats = try await store.stats(queue)
      var writer = JSONWriter()
      writer.object { write(name, stats, to: &$0) }
      return writer.bytes
    }
  }

  private nonisolated static func write(_ name: String, _ stats: QueueStats, to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("paused", stats.isPaused)
    writer.object("counts") { writer in
      writer.field("ready", stats.ready)
      writer.field("scheduled", stats.scheduled)
      writer.field("retrying", stats.retrying)
      writer.field("running", stats.running)
      writer.field("done", stats.done)
      writer.field("dead", stats.dead)
    }
    if let age = stats.oldestReadyAgeMs { writer.field("oldest_age_seconds", Double(age) / 1000) }
  }

  private static func with(
    _ call: Call, _ body: @EventLoop (JobStore) async throws(JobError) -> [UInt8]
  ) async throws(ProgramEnd) -> JSONValue {
    let access = try RedisAccess(call)
    return try await access.withStore { (store) throws(ProgramEnd) in
      let bytes: [UInt8]
      do throws(JobError) { bytes = try await body(store) } catch { throw .store(error, at: access.name) }
      do throws(JSONError) {
        return try JSONDocument(bytes, limits: JSONLimits(bytes: .max)).root
      } catch {
        throw .failed(.failure, "the queues of \(access.name) cannot be shown: \(error.code)")
      }
    }
  }
}
