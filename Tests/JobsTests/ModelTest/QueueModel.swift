import Jobs

/// The queue as plain data, to hold Redis against. `line` is the ready list; index 0 is its left end, where LPUSH puts.
final class QueueModel {
  struct Job {
    var state = JobState.ready
    var kind: String?
    var payload: String?
    var raw: String?
    var sealed: Bool?
    var priority = Priority.normal
    var unique: String?
    var createdMs: Int64
    var readyMs: Int64?
    var attempts = 0
    var deliveries: Int64 = 0
    var losses = 0
    var lives = 1
    var worker: String?
    var cancel = false
    var result: String?
    var error: String?
    var reason: DeathReason?
    var progress: String?
    var unknown = 0
    var startedMs: Int64?
    var history: [String] = []

    /// Notes how a delivery without a result ended.
    mutating func remember(_ outcome: Outcome, at now: Int64, _ error: String = "") {
      history.append("\(deliveries) \(outcome.rawValue) \(startedMs ?? 0) \(now) \(worker ?? "-") \(error)\n")
      if history.count > 20 { history.removeFirst() }
    }

    /// What is left of the content at the end.
    mutating func dropContent() {
      guard sealed == true || (kind == nil && sealed == nil) else { return }
      payload = nil
      raw = nil
    }
  }

  static let sortedSets = ["scheduled", "retrying", "running", "done", "dead"]
  static let leaseMs: Int64 = 15_000
  static let byteBudget = 4000
  static let retention = Retention(doneMax: 60, deadMax: 25)

  var now: Int64 = 1_790_000_000_000
  var jobs: [String: Job] = [:]
  var line: [String] = []
  var tombs: Set<String> = []
  var sets: [String: [String: Int64]] = Dictionary(uniqueKeysWithValues: sortedSets.map { ($0, [:]) })
  var idempotency: [String: (id: String, body: String)] = [:]
  var unique: [String: String] = [:]
  var stats: [String: Int] = [:]
  var isPaused = false
  var wake = 0
  var maxDepth: Int64 = 0

  /// The set in which a job of a state lies; nil for ready, which lies in the line.
  static func home(_ state: JobState) -> String? {
    switch state {
    case .ready: nil
    case .succeeded, .cancelled: "done"
    default: state.rawValue
    }
  }

  func ring(_ count: Int) { wake += max(0, min(count, 64 - wake)) }
  func count(_ field: String, _ number: Int = 1) { if number != 0 { stats[field, default: 0] += number } }
  func pushHead(_ ids: [String]) { line.append(contentsOf: ids.reversed()) }
  func pushTail(_ ids: [String]) { for id in ids { line.insert(id, at: 0) } }

  /// The members of a set in the order of Redis: by score, then by bytes.
  func ordered(_ set: String, until limit: Int64 = .max) -> [String] {
    sets[set]!.filter { $0.value <= limit }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  func finish(_ id: String) {
    guard let held = jobs[id]?.unique else { return }
    if unique[held] == id { unique[held] = nil }
  }

  @discardableResult
  func trim(_ set: String, to most: Int64, atMost limit: Int) -> Int {
    let over = min(sets[set]!.count - Int(most), limit)
    guard over > 0 else { return 0 }
    for id in ordered(set).prefix(over) {
      sets[set]![id] = nil
      jobs[id] = nil
    }
    return over
  }

  @discardableResult
  func promote(_ set: String, atMost limit: Int) -> Int {
    var normal: [String] = []
    var high: [String] = []
    for id in ordered(set, until: now).prefix(limit) {
      sets[set]![id] = nil
      guard let job = jobs[id], job.state == .scheduled || job.state == .retrying else { continue }
      jobs[id]!.state = .ready
      jobs[id]!.readyMs = now
      if job.priority == .high { high.append(id) } else { normal.append(id) }
    }
    pushTail(normal)
    pushHead(high)
    return normal.count + high.count
  }
}
