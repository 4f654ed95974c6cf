public import JSONWire
internal import Service

/// Reads the JSON of one job: a body of HTTP, a line of a bulk, or a list element that was pushed by hand.
///
/// Only `kind` and `payload` are required; an unknown field is a problem that names it. Each problem has a JSON pointer.
public struct JobRequestReader: Sendable {
  /// Where a text comes from.
  public enum Source: Sendable, Hashable {
    /// From a caller who gets an answer: the kind must be known.
    case request
    /// From the list of this queue: a newer worker may know the kind, and it is too late for a unique key.
    case element(of: QueueName)
  }

  /// The kinds that are known.
  public let kinds: Kinds
  /// The longest payload, in bytes.
  public let maxPayloadBytes: Int

  /// Creates a reader.
  public init(kinds: Kinds, maxPayloadBytes: Int = 1 << 20) {
    self.kinds = kinds
    self.maxPayloadBytes = maxPayloadBytes
  }

  /// The longest text that can be read: the payload and room for the fields around it.
  public var maxBytes: Int { maxPayloadBytes < .max - 65_536 ? maxPayloadBytes + 65_536 : .max }

  /// Reads a text.
  public func read(_ text: [UInt8], from source: Source = .request) throws(JobRequestError) -> JobRequest {
    let document: JSONDocument
    do {
      document = try JSONDocument(text, limits: JSONLimits(bytes: maxBytes))
    } catch {
      throw .json(error)
    }
    return try read(document.root, from: source)
  }

  /// Reads a value that was scanned before.
  ///
  /// - Parameter others: members that the caller reads itself, and that are no problem here.
  public func read(
    _ value: JSONValue, from source: Source = .request, besides others: [String] = []
  ) throws(JobRequestError) -> JobRequest {
    var fields = JSONFieldReader(value)
    for name in others { _ = fields.field(name) }
    let kind = readKind(&fields, source)
    let payload = fields.value("payload")
    let queue = readQueue(&fields, source, kind)
    let priority = fields.optionalOneOf("priority", Priority.allCases.map(\.rawValue))
    let start = readStart(&fields)
    let unique = readUnique(&fields, source)
    let options = readOptions(&fields)
    if let durability = fields.optionalValue("durability") {
      fields.reject(durability, "a durability for one job is not offered yet; leave it out")
    }
    do {
      try fields.finish()
    } catch {
      throw .fields(error.problems)
    }
    guard let kind, let queue else { throw .fields([]) }
    guard payload.range.count <= maxPayloadBytes else {
      throw .payloadTooLarge(bytes: payload.range.count, limit: maxPayloadBytes)
    }
    var request = JobRequest(kind: kind, payload: payload.rawBytes, queue: queue)
    request.priority = priority.flatMap { Priority(rawValue: $0) } ?? .normal
    request.start = start
    request.unique = unique
    request.options = options
    return request
  }

  private func readKind(_ fields: inout JSONFieldReader, _ source: Source) -> KindName? {
    let before = fields.problems.count
    let text = fields.string("kind")
    guard fields.problems.count == before, fields.object.kind == .object else { return nil }
    guard let kind = KindName(text) else {
      fields.reject("kind", "expected \(KindName.expected)")
      return nil
    }
    guard source == .request, kinds[kind] == nil else { return kind }
    let near = NearestName.suggestion(for: text, among: kinds.all.map(\.name.text))
    fields.reject("kind", "unknown kind" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
    return kind
  }

  private func readQueue(_ fields: inout JSONFieldReader, _ source: Source, _ kind: KindName?) -> QueueName? {
    if let text = fields.optionalString("queue") {
      guard let queue = QueueName(text) else {
        fields.reject("queue", "expected \(QueueName.expected)")
        return nil
      }
      if case .element(let home) = source, queue != home {
        fields.reject("queue", "names another queue than the one whose list it was pushed to")
      }
      return queue
    }
    if case .element(let home) = source { return home }
    guard let kind else { return nil }
    if kind.defaultQueue == nil { fields.reject("queue", "missing, and the kind's first word is no queue name") }
    return kind.defaultQueue
  }

  private func readStart(_ fields: inout JSONFieldReader) -> JobStart {
    let delay = fields.duration("delay", in: JobLimits.delayMs)
    let text = fields.optionalString("run_at")
    guard let text else { return delay.map { .afterMs($0) } ?? .now }
    if delay != nil { fields.reject("run_at", "give either run_at or delay") }
    guard let instant = Timestamp(rfc3339: text) else {
      fields.reject("run_at", "expected an RFC 3339 time such as 2026-11-23T09:30:00Z")
      return .now
    }
    // A time before 1970 is as past as 1970.
    return .atMs(max(0, instant.unixMs))
  }

  private func readUnique(_ fields: inout JSONFieldReader, _ source: Source) -> JobRequest.Unique? {
    let unique = fields.optionalObject("unique") { fields in
      JobRequest.Unique(
        key: fields.string("key", length: JobLimits.keyBytes),
        ttlMs: fields.duration("ttl", in: JobLimits.uniqueTTLMs, required: true) ?? 0)
    }
    if unique != nil, source != .request {
      fields.reject("unique", "cannot hold for an element that was pushed into the list; submit it by the API")
    }
    return unique
  }

  private func readOptions(_ fields: inout JSONFieldReader) -> JobOptions {
    var options = JobOptions()
    options.maxAttempts = fields.optionalInt("max_attempts", in: JobLimits.attempts)
    options.timeoutMs = fields.duration("timeout", in: JobLimits.timeoutMs)
    options.resultTTLMs = fields.duration("result_ttl", in: JobLimits.resultTTLMs)
    _ = fields.optionalObject("backoff") { fields in
      options.backoffBaseMs = fields.duration("base", in: JobLimits.backoffMs)
      options.backoffMaxMs = fields.duration("max", in: JobLimits.backoffMs)
      if let base = options.backoffBaseMs, let max = options.backoffMaxMs, base > max {
        fields.reject("base", "is longer than max")
      }
    }
    return options
  }
}
