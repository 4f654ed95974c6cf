import HTTPWire
import JSONWire
import Jobs
import Sealing
import Service

/// A job as its caller sees it.
struct JobDocument: Sendable {
  /// The job as its hash tells it.
  let record: JobRecord
  /// The result as one JSON text, opened where it lay sealed; nil while there is none.
  let result: [UInt8]?
  /// Attempts of a job that does not say.
  let maxAttempts: Int
  /// Whether its payload can be read.
  var showsPayload = false
  /// Whether this is one of a list, which has no results and no history.
  var isListed = false

  /// Whether the job has ended.
  var isDone: Bool { record.state?.isTerminal == true }

  /// The JSON text.
  var bytes: [UInt8] {
    var writer = JSONWriter(capacity: 512 + (result?.count ?? 0))
    write(to: &writer)
    return writer.bytes
  }

  /// Writes it as an object.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in writeFields(to: &writer) }
  }

  private func writeFields(to writer: inout JSONWriter) {
    writer.field("id", record.id.text)
    writer.field("queue", record.id.queue.text)
    writer.optional("kind", record.kind)
    writer.optional("state", record.state?.rawValue)
    writer.field("done", isDone)
    writer.field("attempts", record.attempts)
    writer.field("max_attempts", record.options.maxAttempts ?? maxAttempts)
    writer.field("deliveries", record.deliveries)
    writer.field("priority", record.priority.rawValue)
    writer.optional("created_at", Self.instant(record.createdMs))
    writer.optional("started_at", Self.instant(record.startedMs))
    writer.optional("finished_at", Self.instant(isDone ? record.finishedMs : nil))
    writer.optional("worker", record.worker)
    if let progress = record.progress {
      writer.key("progress")
      writer.foreign(progress)
    }
    if let result {
      writer.key("result")
      writer.foreign(result)
    } else if isDone && !(isListed && record.state == .succeeded) {
      writer.object("error") { writer in writeError(to: &writer) }
    }
    if !isListed {
      writer.array("history") { writer in
        for delivery in record.history { write(delivery, to: &writer) }
      }
    }
    writer.object("links") { writer in
      writer.field("self", Paths.job(record.id))
      if showsPayload { writer.field("payload", Paths.payload(record.id)) }
      writer.field("result", Paths.result(record.id))
      writer.field("events", Paths.events(record.id))
      if !isDone { writer.field("cancel", Paths.cancel(record.id)) }
      if isDone && record.state != .succeeded || record.state == .retrying || record.state == .scheduled {
        writer.field("retry", Paths.retry(record.id))
      }
    }
  }

  private func write(_ delivery: PastDelivery, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("delivery", delivery.number)
      writer.field("outcome", delivery.outcome.rawValue)
      writer.optional("started_at", Self.instant(delivery.startedMs))
      writer.optional("ended_at", Self.instant(delivery.endedMs))
      writer.optional("worker", delivery.worker)
      writer.optional("error", delivery.error)
    }
  }

  private func writeError(to writer: inout JSONWriter) {
    switch record.state {
    case .cancelled:
      writer.field("reason", "cancelled")
      writer.field("message", "the job was cancelled")
    case .succeeded:
      writer.field("reason", "trimmed")
      writer.field("message", "the job succeeded; its result was deleted after its time")
    default:
      writer.field("reason", record.reason?.rawValue ?? DeathReason.exhausted.rawValue)
      writer.field("message", record.error ?? "no message was kept")
    }
  }

  static func instant(_ unixMs: Int64?) -> String? { unixMs.map { Timestamp(unixMs: $0).description } }
}

extension EntityTag {
  /// A strong tag: the same bytes, the same tag.
  init(of bytes: [UInt8]) throws(SealingError) {
    self.init("sha256-" + Hex.string(Array(try Digest.sha256.hash(bytes).prefix(16))))
  }
}

extension JSONWriter {
  /// Writes a member, `null` for nil.
  mutating func optional(_ name: String, _ value: String?) {
    if let value { field(name, value) } else { fieldNull(name) }
  }

  /// Writes what is one JSON text if nobody spoilt it in Redis, and a string of it otherwise.
  mutating func foreign(_ bytes: [UInt8]) {
    do throws(JSONError) {
      _ = try JSONDocument(bytes, limits: JSONLimits(depth: 1024, bytes: .max, values: .max))
      raw(bytes)
    } catch {
      string(utf8: bytes)
    }
  }
}
