public import RedisWire

/// `extend.lua`: renews leases, and tells which are lost and which jobs are to be cancelled.
public enum ExtendScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` leases.
  public struct Request: Sendable {
    /// Who holds them.
    public var worker: String
    /// How long they last from now, in milliseconds; the queue's own setting wins.
    public var leaseMs: Int64
    /// The leases.
    public var leases: [Lease]

    /// Creates a request.
    public init(worker: String, leaseMs: Int64 = 15_000, leases: [Lease]) {
      self.worker = worker
      self.leaseMs = leaseMs
      self.leases = leases
    }
  }

  /// The answer.
  public struct Reply: Sendable, Equatable {
    /// When the renewed leases end, Unix ms of Redis.
    public var deadlineMs: Int64
    /// Jobs whose lease is lost: stop them, their results will be refused.
    public var lost: [JobID]
    /// Jobs whose cancellation was asked for.
    public var cancelRequested: [JobID]
    /// How long the renewed leases last, in milliseconds; beat within it.
    public var leaseMs: Int64
  }

  /// See `JobScript`.
  public static var name: ScriptName { .extend }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.worker)
    command.append(request.leaseMs)
    for lease in request.leases {
      command.append(lease.id.text)
      command.append(lease.token)
    }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply {
    let parts = try elements(reply, count: 4)
    return Reply(
      deadlineMs: try integer(parts[0]), lost: try ids(parts[1]), cancelRequested: try ids(parts[2]),
      leaseMs: try integer(parts[3]))
  }

  private static func ids(_ value: RESPValue) throws(JobError) -> [JobID] {
    var ids: [JobID] = []
    for element in try elements(value) {
      guard let id = element.bytes.flatMap({ JobID(bytes: $0) }) else { throw unexpected("an id that is none") }
      ids.append(id)
    }
    return ids
  }
}
