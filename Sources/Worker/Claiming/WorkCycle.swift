import Jobs

/// When to ask Redis, which queue, for how many jobs, and what to settle on the way: the worker's decisions, without I/O.
///
/// Each event method changes the state; `nextTurns` then says which calls to make. One call a queue is under way at a
/// time, so batches size themselves: what ends during one round trip is settled by the next.
struct WorkCycle {
  /// Running: claims and settles. Next: `quiet`, `draining`.
  /// Quiet: claims nothing, finishes and settles what runs. Next: `draining`.
  /// Draining: as quiet, and over when nothing is left.
  enum Mode: Equatable { case running, quiet, draining }

  /// One call to make.
  struct Turn: Equatable {
    let queue: Int
    let settlements: [Settlement]
    /// How many jobs to claim; 0 settles only.
    let limit: Int
    /// Look for jobs whose claim's reply was lost before anything else is claimed.
    let isReclaim: Bool
  }

  private struct Queue {
    var settlements: [Settlement] = []
    /// Slots that the call under way may fill; nil while none is under way.
    var asking: Int?
    /// Whether a claim may find something. A ring, a due time or the fallback poll says so; a short answer ends it.
    var mayHaveJobs = true
    /// A claim's reply was lost: those jobs are ours and nobody runs them.
    var mustReclaim = false
    /// Its last call failed, and it is too early for the next one. Only this queue rests.
    var isResting = false
  }

  let order: QueueOrder
  let slots: Int
  private(set) var mode = Mode.running
  private(set) var running = 0
  private var queues: [Queue]

  init(order: QueueOrder, slots: Int) {
    self.order = order
    self.slots = slots
    queues = order.entries.map { _ in Queue() }
  }

  /// Slots that neither run a job nor wait for one that is being claimed.
  var freeSlots: Int { max(0, slots - running - queues.reduce(0) { $0 + ($1.asking ?? 0) }) }

  /// Whether it is worth waiting for the doorbell: slots are free, and no queue that can be asked is known to have jobs.
  var isIdle: Bool {
    mode == .running && freeSlots > 0
      && queues.allSatisfy { $0.isResting || $0.asking == nil && !$0.mayHaveJobs && !$0.mustReclaim }
  }

  /// Whether all that ended has been settled; jobs may still run.
  var isSettled: Bool { queues.allSatisfy { $0.asking == nil && $0.settlements.isEmpty && !$0.mustReclaim } }

  /// Whether nothing runs and everything has been settled.
  var isDone: Bool { running == 0 && isSettled }

  // MARK: Events

  /// The doorbell rang, a waiting job fell due or the fallback poll is up.
  mutating func jobsMayWait(in queue: Int) { queues[queue].mayHaveJobs = true }

  /// A job left its slot; `settlement` is nil when there is nothing to settle (any more).
  mutating func jobEnded(in queue: Int, _ settlement: Settlement?) {
    running -= 1
    if let settlement { queues[queue].settlements.append(settlement) }
  }

  /// A job is settled while its handler still holds the slot: it did not stop when asked to.
  mutating func jobAbandoned(in queue: Int, _ settlement: Settlement) { queues[queue].settlements.append(settlement) }

  /// The jobs of a queue whose settlement waits; a look for lost claims must not take them for lost.
  func unsettled(in queue: Int) -> [JobID] { queues[queue].settlements.map(\.id) }

  /// A turn was answered: `claimed` jobs start now.
  mutating func turnEnded(_ turn: Turn, claimed: Int, mayHaveMore: Bool) {
    queues[turn.queue].asking = nil
    running += claimed
    if turn.isReclaim { queues[turn.queue].mustReclaim = false }
    if turn.limit > 0 { queues[turn.queue].mayHaveJobs = mayHaveMore }
  }

  /// A turn failed: its queue rests until `rested`. What it settles is settled again, which is harmless; what it may have
  /// claimed is looked for.
  mutating func turnFailed(_ turn: Turn, mayHaveArrived: Bool) {
    queues[turn.queue].asking = nil
    queues[turn.queue].isResting = true
    queues[turn.queue].settlements.insert(contentsOf: turn.settlements, at: 0)
    if mayHaveArrived && turn.limit > 0 { queues[turn.queue].mustReclaim = true }
  }

  /// A queue may be asked again.
  mutating func rested(_ queue: Int) { queues[queue].isResting = false }

  /// Claims nothing any more.
  mutating func quiet() {
    if mode == .running { mode = .quiet }
  }

  /// Claims nothing any more and comes to an end.
  mutating func drain() { mode = .draining }

  // MARK: Decisions

  /// The calls to make now; each is under way from here on.
  mutating func nextTurns(using random: inout some RandomNumberGenerator) -> [Turn] {
    var turns: [Turn] = []
    for index in order.draw(using: &random) {
      if let turn = nextTurn(for: index) { turns.append(turn) }
      // Strictly: the next queue only gets what this one is known not to need.
      if order.isStrict && (queues[index].asking ?? 0) > 0 { break }
    }
    return turns
  }

  private mutating func nextTurn(for index: Int) -> Turn? {
    guard queues[index].asking == nil, !queues[index].isResting else { return nil }
    let settlements = batch(of: queues[index].settlements)
    let isReclaim = queues[index].mustReclaim
    let limit = isReclaim ? 0 : claimLimit(for: index, settling: !settlements.isEmpty)
    guard !settlements.isEmpty || limit > 0 || isReclaim else { return nil }
    queues[index].settlements.removeFirst(settlements.count)
    queues[index].asking = limit
    return Turn(queue: index, settlements: settlements, limit: limit, isReclaim: isReclaim)
  }

  /// A call that settles anyway also claims: it costs Redis little and saves the round trip.
  private func claimLimit(for index: Int, settling: Bool) -> Int {
    guard mode == .running, queues[index].mayHaveJobs || settling else { return 0 }
    return min(freeSlots, settling ? JobLimits.fusedJobs : JobLimits.batchJobs)
  }

  /// The first settlements that one call should carry: at most `fusedJobs`, and about `batchBytes` of results.
  private func batch(of settlements: [Settlement]) -> [Settlement] {
    var bytes = 0
    let batch = settlements.prefix(JobLimits.fusedJobs).prefix { settlement in
      defer { bytes += settlement.resultBytes }
      return bytes <= JobLimits.batchBytes
    }
    return Array(batch)
  }
}

extension Settlement {
  fileprivate var resultBytes: Int {
    if case .success(let result) = end { result.count } else { 0 }
  }
}
