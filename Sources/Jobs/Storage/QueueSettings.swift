public import RedisWire

/// The settings of one queue in its `config` hash; what is absent follows the programs' own.
public struct QueueSettings: Sendable, Hashable {
  /// Whether claims are stopped.
  public var isPaused = false
  /// Why, for people.
  public var pausedReason: String?
  /// Since when.
  public var pausedMs: Int64?
  /// How long leases last, in milliseconds, 1 s to a day.
  public var leaseMs: Int64?
  /// Attempts of jobs that ask for none, 1 to 100.
  public var maxAttempts: Int?
  /// Most jobs that may wait, 0 for no limit.
  public var maxDepth: Int64?

  /// Settings that say nothing.
  public init() {}

  /// Reads HGETALL of the hash; values outside their bounds count as absent, as the scripts treat them.
  public init(fields: RESPMap) {
    isPaused = fields["paused"]?.string == "1"
    pausedReason = fields["paused_reason"]?.string
    pausedMs = fields["paused_ms"]?.int
    leaseMs = fields["lease_ms"]?.int.flatMap { Self.leaseBounds.contains($0) ? $0 : nil }
    maxAttempts = fields["max_attempts"]?.int.flatMap { value in
      Int(exactly: value).flatMap { JobLimits.attempts.contains($0) ? $0 : nil }
    }
    maxDepth = fields["max_depth"]?.int.flatMap { Self.depthBounds.contains($0) ? $0 : nil }
  }

  /// Bounds of a lease, in milliseconds.
  public static let leaseBounds: ClosedRange<Int64> = 1000...86_400_000
  /// Bounds of a depth; the scripts count in doubles.
  public static let depthBounds: ClosedRange<Int64> = 0...9_007_199_254_740_991
}

/// A change of a queue's settings.
public enum QueueChange: Sendable, Hashable {
  /// Sets how long leases last, in milliseconds; nil follows the programs again.
  case leaseMs(Int64?)
  /// Sets the attempts of jobs that ask for none; nil follows the programs again.
  case maxAttempts(Int?)
  /// Sets how many jobs may wait; nil follows the programs again.
  case maxDepth(Int64?)

  var field: String {
    switch self {
    case .leaseMs: "lease_ms"
    case .maxAttempts: "max_attempts"
    case .maxDepth: "max_depth"
    }
  }

  /// The value as text, nil to remove it.
  var value: String? {
    get throws(JobError) {
      switch self {
      case .leaseMs(nil), .maxAttempts(nil), .maxDepth(nil): return nil
      case .leaseMs(let value?):
        guard QueueSettings.leaseBounds.contains(value) else { throw refusal("1s to 24h") }
        return String(value)
      case .maxAttempts(let value?):
        guard JobLimits.attempts.contains(value) else { throw refusal("1 to 100") }
        return String(value)
      case .maxDepth(let value?):
        guard QueueSettings.depthBounds.contains(value) else { throw refusal("0 (no limit) to 2^53 - 1") }
        return String(value)
      }
    }
  }

  private func refusal(_ expected: String) -> JobError { .invalidSetting(name: field, expected: expected) }
}

extension JobStore {
  /// The settings of a queue.
  public func settings(_ queue: QueueName) async throws(JobError) -> QueueSettings {
    try await settings([queue]).first ?? QueueSettings()
  }

  /// The settings of queues, in one round trip.
  public func settings(_ queues: [QueueName]) async throws(JobError) -> [QueueSettings] {
    var settings: [QueueSettings] = []
    for reply in try await execute(all: queues.map { RedisCommand("HGETALL", keys.queue($0).config) }) {
      guard let fields = reply.pairs else { throw .unexpectedReply(script: "HGETALL", detail: "no fields") }
      settings.append(QueueSettings(fields: fields))
    }
    return settings
  }

  /// Changes settings of a queue, all of them or, when one is out of bounds, none.
  public func change(_ changes: [QueueChange], of queue: QueueName) async throws(JobError) {
    var set = RedisCommand("HSET", keys.queue(queue).config)
    var remove = RedisCommand("HDEL", keys.queue(queue).config)
    for change in changes {
      if let value = try change.value {
        set.append(change.field)
        set.append(value)
      } else {
        remove.append(change.field)
      }
    }
    try await register(queue)
    if set.argumentCount > 2 { _ = try await execute(set) }
    if remove.argumentCount > 2 { _ = try await execute(remove) }
  }
}
