/// In which order a worker asks its queues: strictly, or shuffled anew each time so that none starves.
public struct QueueOrder: Sendable, Equatable {
  /// A queue and how often it goes first in proportion to the others.
  public struct Entry: Sendable, Equatable {
    /// The queue.
    public let queue: QueueName
    /// 1 to 1000.
    public let weight: Int
  }

  /// The queues as they were named.
  public let entries: [Entry]
  /// Whether a queue is asked only when all before it are empty.
  public let isStrict: Bool

  /// The names alone.
  public var queues: [QueueName] { entries.map(\.queue) }

  /// The order for this time: each place is drawn among those that are left, in proportion to their weights.
  public func draw(using random: inout some RandomNumberGenerator) -> [Int] {
    if isStrict || entries.count == 1 { return Array(entries.indices) }
    var left = Array(entries.indices)
    var order: [Int] = []
    order.reserveCapacity(left.count)
    while left.count > 1 {
      var ticket = Int.random(in: 0..<left.reduce(0) { $0 + entries[$1].weight }, using: &random)
      let place = left.firstIndex { index in
        ticket -= entries[index].weight
        return ticket < 0
      }
      order.append(left.remove(at: place ?? 0))
    }
    return order + left
  }
}

extension QueueOrder {
  /// Why a text is no order of queues.
  public struct Problem: Error, Equatable, CustomStringConvertible {
    /// What is wrong with it.
    public let description: String
  }

  /// Reads `proof,memory`, `proof:6,memory:3` or `strict:proof,memory`. Weights go from 1 to 1000.
  public init(parsing text: String) throws(Problem) {
    let strict = "strict:"
    isStrict = text.hasPrefix(strict)
    var entries: [Entry] = []
    let list = isStrict ? text.dropFirst(strict.utf8.count) : Substring(text)
    for item in list.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: ":", omittingEmptySubsequences: false)
      guard let queue = QueueName(String(parts[0])) else {
        throw Problem(description: "\"\(parts[0])\" is no queue name (a-z, 0-9, _ and -, 1 to 64 characters)")
      }
      let weight = parts.count == 1 ? 1 : parts.count == 2 ? Int(parts[1]) ?? 0 : 0
      guard (1...1000).contains(weight) else {
        throw Problem(description: "\"\(item)\" has no weight from 1 to 1000 after its colon")
      }
      guard !isStrict || parts.count == 1 else {
        throw Problem(description: "\"\(item)\": a strict order has no weights")
      }
      guard !entries.contains(where: { $0.queue == queue }) else {
        throw Problem(description: "queue \(queue) is named twice")
      }
      entries.append(Entry(queue: queue, weight: weight))
    }
    self.entries = entries
  }
}
