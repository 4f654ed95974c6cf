import HTTPWire
import JSONWire
import Jobs
import Service

/// Which dead letters: by queue, kind, reason, text in the error, and when they died.
struct DeadFilter: Sendable, Equatable {
  /// Only of this queue.
  var queue: QueueName?
  /// Only of this kind.
  var kind: String?
  /// Only with this reason.
  var reason: DeathReason?
  /// Only with this text in the error.
  var error: String?
  /// Only those that died at this time or later, Unix ms.
  var sinceMs: Int64?
  /// Only those that died before this time, Unix ms.
  var untilMs: Int64?

  /// Names of the fields, in query and body.
  static let names: Set<String> = ["queue", "kind", "reason", "error", "since", "until"]

  init() {}

  /// Whether a dead job is one of them.
  func fits(_ record: JobRecord) -> Bool {
    if let queue, record.id.queue != queue { return false }
    if let kind, record.kind != kind { return false }
    if let reason, record.reason != reason { return false }
    if let error, record.error?.contains(error) != true { return false }
    let diedMs = record.finishedMs ?? 0
    if let sinceMs, diedMs < sinceMs { return false }
    if let untilMs, diedMs >= untilMs { return false }
    return true
  }

  /// Writes the fields that are set.
  func writeFields(to writer: inout JSONWriter) {
    if let queue { writer.field("queue", queue.text) }
    if let kind { writer.field("kind", kind) }
    if let reason { writer.field("reason", reason.rawValue) }
    if let error { writer.field("error", error) }
    if let sinceMs { writer.field("since", Timestamp(unixMs: sinceMs).description) }
    if let untilMs { writer.field("until", Timestamp(unixMs: untilMs).description) }
  }

  /// Reads the fields of an object; problems are the reader's.
  init(_ fields: inout JSONFieldReader) {
    read {
      fields.optionalString($0, length: 1...1000)
    } refuse: {
      fields.reject($0, $1)
    }
  }

  /// Reads the parameters of a query.
  ///
  /// - Throws: 400 `invalid-filter` that names each at fault.
  init(_ query: HTTPQuery) throws(Problem) {
    var errors: [FieldProblem] = []
    read {
      query[$0]
    } refuse: {
      errors.append(FieldProblem("/\($0)", $1))
    }
    if !errors.isEmpty { throw Problem(.badRequest, "invalid-filter", "The filter is not valid", errors: errors) }
  }

  private mutating func read(_ text: (String) -> String?, refuse: (_ name: String, _ detail: String) -> Void) {
    if let name = text("queue") {
      queue = QueueName(name)
      if queue == nil { refuse("queue", "must be 1 to 64 of a-z 0-9 _ -") }
    }
    kind = text("kind")
    if let word = text("reason") {
      reason = DeathReason(rawValue: word)
      let words = DeathReason.allCases.map(\.rawValue).joined(separator: ", ")
      if reason == nil { refuse("reason", "must be one of \(words)") }
    }
    error = text("error")
    sinceMs = Self.instant("since", text, refuse)
    untilMs = Self.instant("until", text, refuse)
  }

  private static func instant(
    _ name: String, _ text: (String) -> String?, _ refuse: (String, String) -> Void
  ) -> Int64? {
    guard let value = text(name) else { return nil }
    if let instant = Timestamp(rfc3339: value) { return instant.unixMs }
    refuse(name, "must be an instant as 2026-11-24T10:00:00Z")
    return nil
  }
}
