/// A job as somebody asks for it, read from JSON by `JobRequestReader`.
public struct JobRequest: Sendable, Equatable {
  /// A key that at most one unfinished job of the queue may hold.
  public struct Unique: Sendable, Hashable {
    /// The key as it was sent; only its fingerprint goes to Redis.
    public var key: String
    /// How long it holds at most, in milliseconds.
    public var ttlMs: Int64

    /// Creates a rule.
    public init(key: String, ttlMs: Int64) {
      self.key = key
      self.ttlMs = ttlMs
    }
  }

  /// The kind.
  public var kind: KindName
  /// The payload as it was sent, byte for byte: one JSON value.
  public var payload: [UInt8]
  /// The queue, given or from the kind.
  public var queue: QueueName
  /// Where it enters the line.
  public var priority: Priority = .normal
  /// When it may first run.
  public var start: JobStart = .now
  /// The unique key, if any.
  public var unique: Unique?
  /// What differs from the defaults.
  public var options = JobOptions()

  /// Creates a request with the defaults.
  public init(kind: KindName, payload: [UInt8], queue: QueueName) {
    self.kind = kind
    self.payload = payload
    self.queue = queue
  }
}
