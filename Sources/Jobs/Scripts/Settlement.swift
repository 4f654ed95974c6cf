internal import RedisWire

/// How a worker ends one delivery.
public struct Settlement: Sendable, Equatable {
  /// The job.
  public var id: JobID
  /// The token of the delivery.
  public var token: Int64
  /// How it ends.
  public var end: End
  /// For an adopted raw element: what parsing it told.
  public var adoption: Adoption?
  /// How long the job is kept when it ends here, in milliseconds; nil means as the retention says.
  public var keepMs: Int64?

  /// The ways to end a delivery.
  public enum End: Sendable, Equatable {
    /// With a result: one JSON text, or a sealed text.
    case success([UInt8])
    /// With a failure; another attempt follows after the milliseconds.
    case retry(afterMs: Int64, error: String)
    /// With a failure; no attempt follows.
    case dead(DeathReason, error: String)
    /// Given back uncharged: to the head of the line, or for later when `afterMs` is above 0.
    case release(afterMs: Int64)
    /// As `release`, because this worker does not know the kind.
    case releaseUnknown(afterMs: Int64, unknown: Int, sinceMs: Int64)
    /// Stopped, because it was asked to.
    case cancelled
  }

  /// What parsing a raw element told, so that readers and requeue need not parse it again.
  public struct Adoption: Sendable, Equatable {
    /// The kind, nil when it could not be read.
    public var kind: KindName?
    /// Whether the content is deleted at the end.
    public var isSealed: Bool

    /// Creates one.
    public init(kind: KindName?, isSealed: Bool) {
      self.kind = kind
      self.isSealed = isSealed
    }
  }

  /// Creates a settlement.
  public init(id: JobID, token: Int64, end: End, adoption: Adoption? = nil, keepMs: Int64? = nil) {
    self.id = id
    self.token = token
    self.end = end
    self.adoption = adoption
    self.keepMs = keepMs
  }

  /// What became of it.
  public enum Code: Sendable, Hashable {
    /// It is done.
    case done
    /// The same call was carried out before.
    case already
    /// The lease was lost: the job is somebody else's now; nothing changed.
    case leaseLost
    /// There is no such job any more.
    case missing

    init?(_ value: RESPValue) {
      if case .integer(1) = value {
        self = .done
        return
      }
      switch value.string {
      case "already": self = .already
      case "lease_lost": self = .leaseLost
      case "missing": self = .missing
      default: return nil
      }
    }
  }

  /// Errors are cut here, so that a handler cannot fill a hash.
  static let errorBytes = 4096

  func append(to command: inout RedisCommand, retention: Retention) {
    var fields = JobFields()
    if let adoption {
      if let kind = adoption.kind { fields.set("kind", kind.text) }
      fields.set("sealed", adoption.isSealed ? "1" : "0")
    }
    switch end {
    case .success(let result) where adoption == nil && keepMs == nil:
      open("ack", &command)
      command.append(result)
    case .success(let result):
      fields.set("result", result)
      append("ackx", keepMs ?? retention.resultMs, fields, &command)
    case .retry(let afterMs, let error):
      fields.set("error", Self.cut(error))
      append("retry", max(1, afterMs), fields, &command)
    case .dead(let reason, let error):
      fields.set("reason", reason.rawValue)
      fields.set("error", Self.cut(error))
      append("dead", retention.deadMs, fields, &command)
    case .release(let afterMs):
      append("release", max(0, afterMs), fields, &command)
    case .releaseUnknown(let afterMs, let unknown, let sinceMs):
      fields.set("unknown", Int64(unknown))
      fields.set("unknown_since_ms", sinceMs)
      append("release", max(1, afterMs), fields, &command)
    case .cancelled:
      append("cancelled", keepMs ?? retention.resultMs, fields, &command)
    }
  }

  private func open(_ operation: StaticString, _ command: inout RedisCommand) {
    command.append(operation)
    command.append(id.text)
    command.append(token)
  }

  private func append(
    _ operation: StaticString, _ ms: Int64, _ fields: JobFields, _ command: inout RedisCommand
  ) {
    open(operation, &command)
    command.append(ms)
    fields.append(to: &command)
  }

  private static func cut(_ error: String) -> [UInt8] {
    let bytes = Array(error.utf8)
    guard bytes.count > errorBytes else { return bytes }
    // Not in the middle of a character: continuation bytes at the cut go.
    var end = errorBytes
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(bytes[..<end])
  }
}
