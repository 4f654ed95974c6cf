/// When a job may first run.
public enum JobStart: Sendable, Hashable {
  /// As soon as a worker is free.
  case now
  /// After these milliseconds, by Redis' clock.
  case afterMs(Int64)
  /// At this Unix time in milliseconds, by Redis' clock.
  case atMs(Int64)
}

/// A job on its way into the queue: its content is in the form in which it lies in Redis.
public struct NewJob: Sendable, Equatable {
  /// An idempotency key: HMACs of the key and of the body.
  public struct Idempotency: Sendable, Hashable {
    /// The key's fingerprint.
    public var key: String
    /// The body's fingerprint.
    public var body: String

    /// Creates one.
    public init(key: String, body: String) {
      self.key = key
      self.body = body
    }
  }

  /// A unique key: at most one job that holds it is not ended.
  public struct Unique: Sendable, Hashable {
    /// The key's fingerprint.
    public var key: String
    /// How long it holds at most, in milliseconds.
    public var ttlMs: Int64

    /// Creates one.
    public init(key: String, ttlMs: Int64) {
      self.key = key
      self.ttlMs = ttlMs
    }
  }

  /// The id, minted by the caller; the same id again is the same job.
  public var id: JobID
  /// The kind.
  public var kind: KindName
  /// One JSON text, or a sealed text for a sealed kind.
  public var payload: [UInt8]
  /// Whether the payload is deleted at the end of the job.
  public var isSealed: Bool
  /// Where it enters the line.
  public var priority: Priority
  /// When it may first run.
  public var start: JobStart
  /// What differs from the defaults.
  public var options: JobOptions
  /// The idempotency key, if any.
  public var idempotency: Idempotency?
  /// The unique key, if any.
  public var unique: Unique?

  /// Creates a job.
  public init(
    id: JobID, kind: KindName, payload: [UInt8], isSealed: Bool = false, priority: Priority = .normal,
    start: JobStart = .now, options: JobOptions = JobOptions(), idempotency: Idempotency? = nil, unique: Unique? = nil
  ) {
    self.id = id
    self.kind = kind
    self.payload = payload
    self.isSealed = isSealed
    self.priority = priority
    self.start = start
    self.options = options
    self.idempotency = idempotency
    self.unique = unique
  }

  var fields: JobFields {
    var fields = JobFields()
    fields.set("kind", kind.text)
    fields.set("payload", payload)
    if isSealed { fields.set("sealed", "1") }
    if priority == .high { fields.set("priority", Priority.high.rawValue) }
    if !options.isEmpty { fields.set("opts", options.encoded) }
    return fields
  }

  /// Roughly the bytes that it adds to a call.
  var cost: Int { payload.count + 256 }
}
