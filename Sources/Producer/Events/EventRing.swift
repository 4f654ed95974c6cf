import Jobs

/// The last changes that a process has heard of, numbered, so that a reader who comes back is told what it missed. Pure.
///
/// Numbers rise over all queues. A queue is heard from the moment at which Redis confirms its channel; what happened before
/// is not known, nor is what happened while the connection was away.
struct EventRing: Sendable {
  /// One change.
  struct Entry: Sendable, Hashable {
    let number: UInt64
    let event: JobEvent
  }

  /// The number of the last change or interruption.
  private(set) var last: UInt64 = 0
  private let capacity: Int
  private var entries: [Entry] = []
  /// Where the oldest entry lies once the ring is full.
  private var oldest = 0
  /// The number of the last change that was dropped to make room.
  private var dropped: UInt64 = 0
  /// From which number on all changes of a queue are known.
  private var heardSince: [QueueName: UInt64] = [:]

  /// A ring of at most `capacity` changes.
  init(capacity: Int = 8192) { self.capacity = max(1, capacity) }

  /// How many changes are kept.
  var count: Int { entries.count }

  /// Whether all changes of the queue are being heard.
  func isHearing(_ queue: QueueName) -> Bool { heardSince[queue] != nil }

  /// From now on all changes of the queue are heard.
  mutating func begin(_ queue: QueueName) {
    last += 1
    heardSince[queue] = last
  }

  /// From now on changes of the queue are not heard.
  mutating func end(_ queue: QueueName) { heardSince[queue] = nil }

  /// Changes may have been missed, of every queue.
  mutating func interrupt() {
    last += 1
    for queue in heardSince.keys { heardSince[queue] = last }
  }

  /// Takes changes in, dropping the oldest; answers them with their numbers.
  mutating func add(_ events: [JobEvent]) -> [Entry] {
    events.map { event in
      last += 1
      let entry = Entry(number: last, event: event)
      if entries.count < capacity {
        entries.append(entry)
      } else {
        dropped = entries[oldest].number
        entries[oldest] = entry
        oldest = (oldest + 1) % capacity
      }
      return entry
    }
  }

  /// All changes of `queues` after a number, in order; nil when some of them may not be here.
  ///
  /// - Complexity: O(changes kept).
  func changes(after number: UInt64, of queues: Set<QueueName>) -> [Entry]? {
    guard number <= last, number >= dropped,
      queues.allSatisfy({ heardSince[$0].map { $0 <= number } ?? false })
    else { return nil }
    return (entries[oldest...] + entries[..<oldest]).filter { $0.number > number && queues.contains($0.event.id.queue) }
  }
}
