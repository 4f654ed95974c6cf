/// The jobs whose end is awaited, and which of them is to be looked at next. Pure; times are nanoseconds of a clock that only
/// goes forward.
///
/// Jobs run about in the order in which they went in, so the oldest is looked at first. One that waits for a time of its own
/// (scheduled, retrying) is looked at again after a second, then after longer and longer.
struct ResultQueue {
  /// A job that is to be looked at.
  struct Look: Equatable {
    let job: AcceptedJob
    /// How often it was put off.
    let delays: Int
  }

  private static let delays: [Int64] = [1, 2, 4, 8, 15].map { $0 * 1_000_000_000 }

  private var line = FIFO<Look>()
  /// One line for each delay; in each the first is due first.
  private var putOff = delays.map { _ in FIFO<(due: Int64, look: Look)>() }
  /// Jobs that have been handed out and not come back.
  private var out = 0

  /// Jobs that have not ended.
  var count: Int { line.count + out + putOff.reduce(0) { $0 + $1.count } }

  /// Adds jobs that have just gone in.
  mutating func add(_ jobs: [AcceptedJob]) {
    for job in jobs { line.append(Look(job: job, delays: 0)) }
  }

  /// The next job to look at; nil when none is due.
  mutating func next(now: Int64) -> Look? {
    let due = putOff.indices.first { (putOff[$0].first?.due ?? .max) <= now }
    let look = if let due { putOff[due].popFirst()?.look } else { line.popFirst() }
    if look != nil { out += 1 }
    return look
  }

  /// When one is due that was put off; nil when there is none.
  var nextDue: Int64? { putOff.compactMap { $0.first?.due }.min() }

  /// It has ended.
  mutating func ended(_ look: Look) { out -= 1 }

  /// It waits for a worker or is with one; it goes to the end of the line.
  mutating func waits(_ look: Look) {
    out -= 1
    line.append(look)
  }

  /// It waits for a time of its own.
  mutating func sleeps(_ look: Look, now: Int64) {
    out -= 1
    let level = min(look.delays, Self.delays.count - 1)
    putOff[level].append((now + Self.delays[level], Look(job: look.job, delays: look.delays + 1)))
  }
}
