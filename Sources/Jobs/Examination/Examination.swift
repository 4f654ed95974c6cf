internal import RedisWire
public import Transport

/// Looks for what does not hold in Redis, and mends it, while everything goes on.
///
/// First all keys are scanned, which gives suspicions; each is then judged by one script at one instant, and again after a
/// pause. Only what was wrong both times is a finding. The line is read once a round; memory is bounded by `idsPerRound`
/// and `mostFindings`.
@EventLoop
public final class Examination {
  /// Bounds of an examination.
  public struct Options: Sendable {
    /// How many ids of lines are held at once, 16 bytes each; more take more rounds over all keys.
    public var idsPerRound: Int64 = 2_000_000
    /// How many suspicions a look holds; what is beyond is left to the next look.
    public var mostFindings = 50_000
    /// How long after the first look the second one begins.
    public var pause = Duration.milliseconds(500)

    /// The defaults.
    public init() {}
  }

  /// How far it is; for people.
  public struct Progress: Sendable {
    /// What is being done.
    public let step: String
    /// How much of it.
    public let done: Int64
    /// Of how much, when that is known.
    public let total: Int64?
  }

  let store: JobStore
  let options: Options
  let onProgress: @EventLoop (Progress) -> Void

  /// What the first look suspects, by what is to be looked at again.
  var suspects: [ExaminedPlace: Set<Flaw>] = [:]
  /// Findings that no script judges.
  var others: [Finding] = []
  /// Queues whose keys cannot be looked at, as a collection is of another type.
  var unreadable: Set<QueueName> = []
  var known: Set<QueueName> = []
  /// Whether the last look held all that it suspected; else mend and look again.
  public private(set) var isComplete = true

  /// Creates an examination.
  ///
  /// - Parameter onProgress: called often.
  public init(
    _ store: JobStore, options: Options = Options(), onProgress: @escaping @EventLoop (Progress) -> Void = { _ in }
  ) {
    self.store = store
    self.options = options
    self.onProgress = onProgress
  }

  /// Looks twice, and returns what was wrong both times, in order of the keys.
  ///
  /// - Complexity: O(keys), a few commands a job; O(length of a line) for each suspicion.
  /// - Redis: SCAN, LRANGE, ZSCAN, SSCAN, EXISTS, TYPE, HGETALL of counters; the script `examine`.
  public func look() async throws(JobError) -> [Finding] {
    suspects = [:]
    others = []
    unreadable = []
    isComplete = true
    let registered = try await store.queues()
    known = Set(registered)
    for queue in registered { try await lookAtQueue(queue) }
    try await lookAtSchedules()
    var waiting: Int64 = 0
    for queue in readable(registered) { waiting += try await lineLength(queue) }
    let parts = LineSightings.partCount(ids: waiting, perPart: options.idsPerRound)
    for part in 0..<parts {
      try await lookAtLines(registered, LineSightings(part: part, of: parts))
    }
    return try await confirm()
  }

  /// Keeps a suspicion, unless there are too many.
  func suspect(_ place: ExaminedPlace, _ flaws: [Flaw]) {
    guard !flaws.isEmpty else { return }
    guard suspects.count < options.mostFindings || suspects[place] != nil else {
      isComplete = false
      return
    }
    suspects[place, default: []].formUnion(flaws)
  }

  func readable(_ queues: some Sequence<QueueName>) -> [QueueName] { queues.filter { !unreadable.contains($0) } }

  func lineLength(_ queue: QueueName) async throws(JobError) -> Int64 {
    try await store.execute(RedisCommand("LLEN", store.keys.queue(queue).ready)).int ?? 0
  }

  /// Both looks at what is suspected, each thing at one instant.
  private func confirm() async throws(JobError) -> [Finding] {
    var left = suspects
    let first = others
    for look in 1...2 {
      if left.isEmpty && first.isEmpty { break }
      if look == 2 {
        do { try await EventLoop.sleep(for: options.pause) } catch { throw .storeUnavailable(.cancelled(sent: false)) }
      }
      left = try await judge(left, step: look == 1 ? "judging" : "looking again")
    }
    var findings = try await stillThere(first)
    for (place, flaws) in left {
      let keys = store.keys.queue(place.queue)
      findings += flaws.map { Finding($0, of: place.thing, in: keys) }
    }
    return findings.sorted {
      ($0.key, $0.member ?? "", $0.flaw.code.rawValue) < ($1.key, $1.member ?? "", $1.flaw.code.rawValue)
    }
  }

  /// What is wrong with each thing now. In the first judgement all that is found counts, in the second only what was
  /// found in the first.
  private func judge(
    _ suspects: [ExaminedPlace: Set<Flaw>], step: String
  ) async throws(JobError) -> [ExaminedPlace: Set<Flaw>] {
    var found: [ExaminedPlace: Set<Flaw>] = [:]
    var done: Int64 = 0
    for (queue, places) in Dictionary(grouping: suspects.keys, by: \.queue) {
      // A search of a long line holds Redis up, so that a call looks for few ids there.
      let perCall = try await lineLength(queue) > 50_000 ? 1 : 32
      var rest = places[...]
      while !rest.isEmpty {
        let batch = Array(rest.prefix(perCall))
        rest = rest.dropFirst(perCall)
        let flaws = try await store.run(
          ExamineScript.self, .init(sightings: batch.map { .init($0.thing) }), on: queue, repeats: true)
        for (place, flaws) in zip(batch, flaws) where !flaws.isEmpty {
          let both = step == "judging" ? Set(flaws) : Set(flaws).intersection(suspects[place] ?? [])
          if !both.isEmpty { found[place] = both }
        }
        done += Int64(batch.count)
        onProgress(Progress(step: step, done: done, total: Int64(suspects.count)))
      }
    }
    return found
  }
}
