internal import RedisWire

/// One thing that does not hold, as the scripts tell it.
public struct Flaw: Sendable, Hashable {
  /// What does not hold; the words are stable.
  public let code: Code
  /// The collection or field that is meant, or what was found; never content.
  public let detail: String

  /// Creates a flaw.
  public init(_ code: Code, _ detail: String = "") {
    self.code = code
    self.detail = detail
  }

  /// Reads a script's list of `code detail`.
  static func list(_ reply: RESPValue, script: ScriptName) throws(JobError) -> [Flaw] {
    guard let elements = reply.elements else {
      throw .unexpectedReply(script: script.rawValue, detail: "no list of flaws")
    }
    var flaws: [Flaw] = []
    for element in elements {
      let words = (element.string ?? "").split(separator: " ", maxSplits: 1).map(String.init)
      guard let first = words.first, let code = Code(rawValue: first) else {
        throw .unexpectedReply(script: script.rawValue, detail: "an unknown flaw")
      }
      flaws.append(Flaw(code, words.count > 1 ? words[1] : ""))
    }
    return flaws
  }
}

extension Flaw {
  /// The kinds of flaws.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// An id in `ready`, `scheduled`, `retrying` or `running` without a hash.
    case entryWithoutHash = "entry_without_hash"
    /// A hash that waits and lies nowhere.
    case hashWithoutEntry = "hash_without_entry"
    /// A running hash that is not in `running`, so that nothing would ever take it back.
    case leaseWithoutEntry = "lease_without_entry"
    /// An id in `running` whose hash does not run.
    case entryWithoutLease = "entry_without_lease"
    /// An id in a collection that is not that of its state.
    case secondEntry = "second_entry"
    /// A ready id more than once in the line.
    case twiceInLine = "twice_in_line"
    /// A tombstone without an entry in the line, or of a job that is ready.
    case tombWithoutEntry = "tomb_without_entry"
    /// The score of an ended job is not the instant at which it ended.
    case scoreDisagrees = "score_disagrees"
    /// A lease of more than a day.
    case leaseTooLong = "lease_too_long"
    /// A counter of a job that is no whole number.
    case counterUnreadable = "counter_unreadable"
    /// More attempts and losses than deliveries.
    case countersDisagree = "counters_disagree"
    /// An ended job that would stay for ever.
    case endWithoutLimit = "end_without_limit"
    /// A job that has not ended and would vanish.
    case limitBeforeEnd = "limit_before_end"
    /// An ended job of a sealed kind that has its content still.
    case sealedContentLeft = "sealed_content_left"
    /// A hash whose state is none.
    case stateUnknown = "state_unknown"
    /// A key of another type than belongs there.
    case wrongType = "wrong_type"
    /// A unique key held by a job that is gone or has ended.
    case uniqueWithoutJob = "unique_without_job"
    /// An Idempotency-Key that names no job.
    case idempotencyUnreadable = "idempotency_unreadable"
    /// A counter of a queue that is no whole number.
    case statsUnreadable = "stats_unreadable"
    /// A queue with keys that is not in the set of queues.
    case queueUnregistered = "queue_unregistered"
    /// A schedule in the index that has no hash.
    case scheduleWithoutHash = "schedule_without_hash"
    /// A schedule that is not in the index.
    case scheduleWithoutEntry = "schedule_without_entry"
  }
}

extension Flaw.Code {
  /// What it means for whoever runs the queues.
  public var meaning: String {
    switch self {
    case .entryWithoutHash: "the entry stands for a job whose hash is gone"
    case .hashWithoutEntry: "the job waits in no collection and would never run"
    case .leaseWithoutEntry: "the job runs under no lease, so nothing would take it back from a dead worker"
    case .entryWithoutLease: "the entry is a lease of a job that does not run"
    case .secondEntry: "the job lies in a collection that is not that of its state"
    case .twiceInLine: "the job is in the line more than once, and the queue looks longer than it is"
    case .tombWithoutEntry: "the tombstone stands for nothing, and the queue looks shorter than it is"
    case .scoreDisagrees: "the job would be forgotten too early or too late"
    case .leaseTooLong: "the lease ends in more than a day, so a dead worker would keep the job"
    case .counterUnreadable: "the counter is no whole number and counts as 0"
    case .countersDisagree: "the job has more attempts and losses than deliveries"
    case .endWithoutLimit: "the job has ended and would stay for ever"
    case .limitBeforeEnd: "the job has not ended and would vanish with its time limit"
    case .sealedContentLeft: "the job has ended and its sealed content was not deleted"
    case .stateUnknown: "the hash has no state that this version knows"
    case .wrongType: "the key is of another type than belongs there"
    case .uniqueWithoutJob: "the unique key is held by a job that is gone or has ended"
    case .idempotencyUnreadable: "the Idempotency-Key names no job"
    case .statsUnreadable: "the counter is no whole number and can count no more"
    case .queueUnregistered: "the queue is in no list of queues, so that nothing shows it or recovers its jobs"
    case .scheduleWithoutHash: "the schedule's hash is gone"
    case .scheduleWithoutEntry: "the schedule is not in the index and would never run"
    }
  }

  /// What mending does; nil where a person must look.
  public var remedy: String? {
    switch self {
    case .entryWithoutHash, .entryWithoutLease, .secondEntry: "remove the entry"
    case .hashWithoutEntry, .leaseWithoutEntry: "put the job at the head of the line, uncharged"
    case .twiceInLine: "keep the entry that is next out"
    case .tombWithoutEntry: "remove the tombstone"
    case .scoreDisagrees: "set the score to finished_ms"
    case .leaseTooLong: "let the lease end in 15 s; a live worker extends it"
    case .counterUnreadable: "set it to 0, or 1 for lives"
    case .countersDisagree: "raise deliveries, once the job does not run"
    case .endWithoutLimit: "set RESULT_TTL or DEAD_RETENTION"
    case .limitBeforeEnd: "take the limit off"
    case .sealedContentLeft: "delete the content"
    case .uniqueWithoutJob, .idempotencyUnreadable: "delete the key"
    case .statsUnreadable: "delete the counter"
    case .queueUnregistered: "enter the queue"
    case .scheduleWithoutHash: "remove the entry"
    case .scheduleWithoutEntry: "enter it with its next run"
    case .stateUnknown, .wrongType: nil
    }
  }
}
