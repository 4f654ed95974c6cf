import Jobs

/// Who waits for which job: a pure table, without clock and connection.
struct WaitingRoom {
  /// A place in the table.
  struct Ticket: Hashable, Sendable {
    let id: JobID
    fileprivate let number: UInt64
  }

  /// What a waiter wants to hear of.
  enum Interest: Sendable {
    /// The end of the job.
    case end
    /// Every change.
    case change
  }

  private var waiters: [[UInt8]: [Ticket: Interest]] = [:]
  private var queues: [QueueName: Int] = [:]
  private var last: UInt64 = 0

  /// How many wait.
  var count: Int { queues.values.reduce(0, +) }

  /// All who wait.
  var tickets: [Ticket] { waiters.values.flatMap(\.keys) }

  /// Takes somebody in; `isFirst` says that nobody waited for a job of the queue before.
  mutating func enter(_ id: JobID, _ interest: Interest) -> (ticket: Ticket, isFirst: Bool) {
    last += 1
    let ticket = Ticket(id: id, number: last)
    waiters[Array(id.text.utf8), default: [:]][ticket] = interest
    queues[id.queue, default: 0] += 1
    return (ticket, queues[id.queue] == 1)
  }

  /// Lets somebody go; true says that nobody waits for a job of the queue any more.
  mutating func leave(_ ticket: Ticket) -> Bool {
    let key = Array(ticket.id.text.utf8)
    guard waiters[key]?.removeValue(forKey: ticket) != nil else { return false }
    if waiters[key]?.isEmpty == true { waiters[key] = nil }
    let left = (queues[ticket.id.queue] ?? 1) - 1
    queues[ticket.id.queue] = left > 0 ? left : nil
    return left <= 0
  }

  /// Those whom a message of a queue's channel concerns: lines of `id state`; others are passed over.
  ///
  /// - Complexity: O(bytes), without a String; most lines concern nobody.
  func concerned(by message: [UInt8]) -> [Ticket] {
    var tickets: [Ticket] = []
    for line in message.split(separator: UInt8(ascii: "\n")) {
      guard let blank = line.firstIndex(of: UInt8(ascii: " ")), let known = waiters[Array(line[..<blank])] else {
        continue
      }
      let isEnd = JobState(bytes: Array(line[(blank + 1)...]))?.isTerminal ?? true
      tickets += known.filter { isEnd || $0.value == .change }.keys
    }
    return tickets
  }
}
