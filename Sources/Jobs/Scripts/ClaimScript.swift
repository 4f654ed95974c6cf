public import RedisWire

/// `claim.lua`: takes ready jobs and leases them, in one atomic step. Never send it again when its reply was lost: ask
/// `ReclaimScript`.
public enum ClaimScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// How many jobs, at most `JobLimits.batchJobs` (`fusedJobs` in a settle-and-claim).
    public var limit: Int
    /// Who claims; unique to the start of a process.
    public var worker: String
    /// How long a lease lasts, in milliseconds; the queue's own setting wins.
    public var leaseMs: Int64
    /// Stops after the job with which the payloads pass this many bytes.
    public var byteBudget: Int
    /// 14 random digits, fresh for each call: `JobIDMinter.nonce(using:)`.
    public var nonce: [UInt8]
    /// How long dead jobs are kept, and how many.
    public var retention: Retention

    /// Creates a request.
    public init(
      limit: Int, worker: String, leaseMs: Int64 = 15_000, byteBudget: Int = JobLimits.batchBytes, nonce: [UInt8],
      retention: Retention = Retention()
    ) {
      self.limit = limit
      self.worker = worker
      self.leaseMs = leaseMs
      self.byteBudget = byteBudget
      self.nonce = nonce
      self.retention = retention
    }
  }

  /// What was claimed.
  public struct Reply: Sendable, Equatable {
    /// Redis' time, Unix ms.
    public var nowMs: Int64
    /// Whether the queue is paused; nothing is claimed then.
    public var isPaused: Bool
    /// Whether something may be left: ask again when a slot is free, without blocking.
    public var mayHaveMore: Bool
    /// When the next waiting job falls due; nil when none waits, or when more may be left.
    public var nextDueMs: Int64?
    /// How long the leases of these jobs last, in milliseconds: the queue's own setting, else what was asked for.
    public var leaseMs: Int64
    /// Attempts of jobs that do not say, when the queue's settings do.
    public var maxAttempts: Int?
    /// The jobs.
    public var jobs: [ClaimedJob]
    /// Leased entries whose id is none: a hand-made hash. Their leases run out; nothing else can be done with them.
    public var strays: Int
  }

  /// See `JobScript`.
  public static var name: ScriptName { .claim }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(min(max(0, request.limit), JobLimits.batchJobs))
    command.append(request.worker)
    command.append(request.leaseMs)
    command.append(request.byteBudget)
    command.append(request.nonce)
    command.append(request.retention.deadMax)
    command.append(request.retention.deadMs)
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply {
    let elements = try elements(reply)
    guard elements.count >= 6 else { throw unexpected("\(elements.count) elements where at least 6 belong") }
    let nextDue = try integer(elements[3])
    let maxAttempts = try count(elements[5])
    let rows = try ClaimedJob.rows(elements[6...], script: name)
    return Reply(
      nowMs: try integer(elements[0]), isPaused: try integer(elements[1]) == 1,
      mayHaveMore: try integer(elements[2]) == 1, nextDueMs: nextDue < 0 ? nil : nextDue,
      leaseMs: try integer(elements[4]), maxAttempts: maxAttempts == 0 ? nil : maxAttempts, jobs: rows.jobs,
      strays: rows.strays)
  }
}
