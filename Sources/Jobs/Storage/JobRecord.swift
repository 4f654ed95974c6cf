public import RedisWire

/// A job as its hash tells it. Every field may be missing or spoilt by hand; none of that makes reading fail.
public struct JobRecord: Sendable, Equatable {
  /// The id, from the key.
  public let id: JobID
  /// The state, or nil when the hash says none that this version knows.
  public var state: JobState?
  /// The kind, absent in an adopted raw element until a worker has told it.
  public var kind: String?
  /// The payload as one JSON text, or as a sealed text for a sealed kind.
  public var payload: [UInt8]?
  /// A whole list element that was adopted, byte for byte; stands in for kind and payload.
  public var raw: [UInt8]?
  /// Where it enters the line.
  public var priority: Priority = .normal
  /// What differs from the defaults.
  public var options = JobOptions()
  /// The unique key's fingerprint that it holds.
  public var unique: String?
  /// Whether its content is deleted at its end; nil when nobody has said.
  public var sealed: Bool?
  /// When it was created, Unix ms of Redis.
  public var createdMs: Int64?
  /// When its present wait began; nil means at its creation.
  public var readyMs: Int64?
  /// When it was last claimed.
  public var startedMs: Int64?
  /// When it ended.
  public var finishedMs: Int64?
  /// Runs that ended, in this life.
  public var attempts = 0
  /// Claims, over all lives; the present one is the token.
  public var deliveries: Int64 = 0
  /// Leases that ran out, in this life.
  public var losses = 0
  /// Lives: 1, and one more for each requeue by hand.
  public var lives = 1
  /// Who claimed it last; nil when the lease was lost.
  public var worker: String?
  /// Whether somebody asked for its cancellation while it runs.
  public var isCancelRequested = false
  /// The progress as its handler wrote it.
  public var progress: [UInt8]?
  /// The result as one JSON text, or as a sealed text.
  public var result: [UInt8]?
  /// Deliveries that are over and brought no result, the oldest first; the latest 20 at most.
  public var history: [PastDelivery] = []
  /// What went wrong last.
  public var error: String?
  /// Why it is dead, when the hash gives a known reason.
  public var reason: DeathReason?
  /// How often workers that do not know its kind gave it back.
  public var unknown = 0
  /// When that began.
  public var unknownSinceMs: Int64?

  /// An empty record.
  public init(id: JobID) { self.id = id }

  /// Reads the pairs of HGETALL.
  ///
  /// - Complexity: O(fields).
  public init(id: JobID, fields: RESPMap) {
    self.id = id
    for (name, value) in fields {
      guard let name = name.string else { continue }
      set(name, value)
    }
  }

  /// When the present wait began.
  public var waitingSinceMs: Int64? { readyMs ?? createdMs }

  private mutating func set(_ name: String, _ value: RESPValue) {
    switch name {
    case "state": state = value.string.flatMap { JobState(rawValue: $0) }
    case "kind": kind = value.string
    case "payload": payload = value.bytes
    case "raw": raw = value.bytes
    case "priority": priority = value.string.flatMap { Priority(rawValue: $0) } ?? .normal
    case "opts": options = JobOptions(encoded: value.bytes ?? [])
    case "unique": unique = value.string
    case "sealed": sealed = value.string.map { $0 == "1" }
    case "created_ms": createdMs = Self.number(value)
    case "ready_ms": readyMs = Self.number(value)
    case "started_ms": startedMs = Self.number(value)
    case "finished_ms": finishedMs = Self.number(value)
    case "attempts": attempts = Self.counter(value)
    case "deliveries": deliveries = Self.number(value) ?? 0
    case "losses": losses = Self.counter(value)
    case "lives": lives = max(1, Self.counter(value))
    case "worker": worker = value.string.flatMap { $0.isEmpty ? nil : $0 }
    case "cancel": isCancelRequested = true
    case "progress": progress = value.bytes
    case "result": result = value.bytes
    case "history": history = PastDelivery.list(value.bytes ?? [])
    case "error": error = value.bytes.map { String(decoding: $0, as: UTF8.self) }
    case "reason": reason = value.string.flatMap { DeathReason(rawValue: $0) }
    case "unknown": unknown = Self.counter(value)
    case "unknown_since_ms": unknownSinceMs = Self.number(value)
    default: break
    }
  }

  /// A number as the scripts take one: not negative, exact in a double. Whatever passes can be calculated with.
  private static func number(_ value: RESPValue) -> Int64? {
    value.int.flatMap { (0..<1 << 53).contains($0) ? $0 : nil }
  }

  private static func counter(_ value: RESPValue) -> Int { number(value).map { Int($0) } ?? 0 }
}
