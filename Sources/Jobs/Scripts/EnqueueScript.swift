public import RedisWire

/// `enqueue.lua`: puts jobs in. Refused whole with `OOM` when Redis is full. The same call again is harmless.
public enum EnqueueScript: JobScript {
  /// One call; at most `JobLimits.batchJobs` jobs.
  public struct Request: Sendable {
    /// Most jobs that may wait, 0 for no limit; the queue's own setting wins.
    public var maxDepth: Int64
    /// How long an idempotency key holds, in milliseconds.
    public var idempotencyTTLMs: Int64
    /// The jobs.
    public var jobs: [NewJob]

    /// Creates a request.
    public init(maxDepth: Int64 = 10_000_000, idempotencyTTLMs: Int64 = 86_400_000, jobs: [NewJob]) {
      self.maxDepth = maxDepth
      self.idempotencyTTLMs = idempotencyTTLMs
      self.jobs = jobs
    }
  }

  /// What became of one job.
  public enum Outcome: Sendable, Hashable {
    /// It is in.
    case created
    /// This id, or this idempotency key with the same body, was in before: the job is that one.
    case replayed(JobID)
    /// The idempotency key was used with another body, for that job.
    case conflict(JobID)
    /// The unique key is held by that job.
    case duplicate(JobID)
    /// The queue is full.
    case full
  }

  /// See `JobScript`.
  public static var name: ScriptName { .enqueue }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.maxDepth)
    command.append(request.idempotencyTTLMs)
    for job in request.jobs {
      append(job, to: &command)
    }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [Outcome] {
    try codes(reply, count: request.jobs.count, outcome)
  }

  private static func append(_ job: NewJob, to command: inout RedisCommand) {
    command.append(job.id.text)
    switch job.start {
    case .afterMs(let delay) where delay > 0: command.append("+\(delay)")
    case .now, .afterMs: command.append(job.priority == .high ? "high" : "" as StaticString)
    case .atMs(let instant): command.append(instant)
    }
    switch (job.idempotency, job.unique) {
    case (nil, nil): command.append("" as StaticString)
    case (.some, nil): command.append("i" as StaticString)
    case (nil, .some): command.append("u" as StaticString)
    case (.some, .some): command.append("iu" as StaticString)
    }
    if let idempotency = job.idempotency {
      command.append(idempotency.key)
      command.append(idempotency.body)
    }
    if let unique = job.unique {
      command.append(unique.key)
      command.append(unique.ttlMs)
    }
    job.fields.append(to: &command)
  }

  private static func outcome(_ value: RESPValue) -> Outcome? {
    if case .integer(1) = value { return .created }
    guard let words = value.string?.split(separator: " "), let word = words.first else { return nil }
    if word == "full" { return .full }
    guard words.count == 2, let id = JobID(String(words[1])) else { return nil }
    switch word {
    case "replayed": return .replayed(id)
    case "conflict": return .conflict(id)
    case "duplicate": return .duplicate(id)
    default: return nil
    }
  }
}
