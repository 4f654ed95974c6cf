/// A schedule as it lies in `wc:schedule:<name>`: what it is to do, and how far it has come.
public struct Schedule: Sendable, Equatable {
  /// What happens when the job of the run before has not ended.
  public enum Overlap: String, Sendable, Hashable, CaseIterable {
    /// The run is left out.
    case skip
    /// A second job goes in.
    case allow
  }

  /// What became of a run.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Its job went into the queue.
    case enqueued
    /// The job of a run before had not ended.
    case skipped
    /// It could not be enqueued and is tried again.
    case failed
  }

  /// The run before.
  public struct Run: Sendable, Hashable {
    /// Its time, in Unix milliseconds.
    public var tickMs: Int64
    /// What became of it.
    public var outcome: Outcome
    /// Its job; of a run that was left out, the job that was in its way.
    public var job: JobID?
    /// Why it failed.
    public var detail: String?

    /// Creates one.
    public init(tickMs: Int64, outcome: Outcome, job: JobID? = nil, detail: String? = nil) {
      self.tickMs = tickMs
      self.outcome = outcome
      self.job = job
      self.detail = detail
    }
  }

  /// The job of each run.
  public struct Template: Sendable, Hashable {
    /// The kind.
    public var kind: KindName
    /// The queue.
    public var queue: QueueName
    /// One JSON object as it is submitted; for a sealed kind its payload is a sealed text.
    public var json: [UInt8]
    /// Whether the payload lies sealed.
    public var isSealed: Bool
    /// Whom jobs of private kinds belong to.
    public var owner: String?

    /// Creates one.
    public init(kind: KindName, queue: QueueName, json: [UInt8], isSealed: Bool, owner: String?) {
      self.kind = kind
      self.queue = queue
      self.json = json
      self.isSealed = isSealed
      self.owner = owner
    }
  }

  /// Which of the hash's states somebody has read: a change is refused when another came in between.
  public struct Version: Sendable, Hashable {
    /// Changes with each definition; empty for no schedule.
    public var revision = ""
    /// The field `next_ms` as it was.
    public var nextMs = ""

    /// No schedule.
    public init() {}

    /// A schedule's.
    public init(revision: String, nextMs: Int64?) {
      self.revision = revision
      self.nextMs = nextMs.map { String($0) } ?? ""
    }
  }

  /// When it runs.
  public var timing: ScheduleTiming
  /// The name of the time zone whose wall clock counts.
  public var zone: String
  /// What happens when the job of the run before has not ended.
  public var overlap: Overlap
  /// Whether each run that nobody was there for is made up for, or only the last one.
  public var catchesUp: Bool
  /// Whether nothing runs.
  public var isPaused: Bool
  /// The job of each run.
  public var template: Template
  /// Changes with each definition.
  public var revision: String
  /// When it was first made, in Unix milliseconds.
  public var createdMs: Int64
  /// When it was last defined, in Unix milliseconds.
  public var updatedMs: Int64
  /// The next run, in Unix milliseconds; nil while it is paused, and when none comes.
  public var nextMs: Int64?
  /// The run before.
  public var last: Run?
  /// Runs whose job went into the queue.
  public var enqueued: Int64 = 0
  /// Runs that were left out.
  public var skipped: Int64 = 0

  /// Creates one that has not run.
  public init(
    timing: ScheduleTiming, zone: String, overlap: Overlap, catchesUp: Bool, isPaused: Bool, template: Template,
    revision: String, createdMs: Int64, updatedMs: Int64, nextMs: Int64?
  ) {
    self.timing = timing
    self.zone = zone
    self.overlap = overlap
    self.catchesUp = catchesUp
    self.isPaused = isPaused
    self.template = template
    self.revision = revision
    self.createdMs = createdMs
    self.updatedMs = updatedMs
    self.nextMs = nextMs
  }

  /// What somebody who has read this has read.
  public var version: Version { Version(revision: revision, nextMs: nextMs) }
}
