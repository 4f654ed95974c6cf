/// Cuts items into calls of scripts: one queue a call, within the bounds of jobs and bytes, in the order of the items.
struct Batches: Sequence {
  /// One call: its queue, and the places of its items.
  struct Batch: Equatable {
    var queue: QueueName
    var places: [Int]
  }

  private(set) var batches: [Batch] = []

  /// - Complexity: O(items); a call is open for each queue that was met.
  init<Item>(
    _ items: [Item], jobs: Int = JobLimits.batchJobs, bytes: Int = JobLimits.batchBytes,
    queue: (Item) -> QueueName, cost: (Item) -> Int = { _ in 0 }
  ) {
    var open: [QueueName: (batch: Int, bytes: Int)] = [:]
    for (place, item) in items.enumerated() {
      let (queue, cost) = (queue(item), cost(item))
      if let (batch, used) = open[queue], batches[batch].places.count < jobs, used + cost <= bytes {
        batches[batch].places.append(place)
        open[queue] = (batch, used + cost)
      } else {
        open[queue] = (batches.count, cost)
        batches.append(Batch(queue: queue, places: [place]))
      }
    }
  }

  func makeIterator() -> IndexingIterator<[Batch]> { batches.makeIterator() }
}
