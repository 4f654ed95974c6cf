/// What a worker is doing, as it says itself; `lost` is said of one that no longer says anything.
public enum WorkerState: String, Sendable, Hashable, CaseIterable {
  /// Claims and runs. Next: `quiet`, `draining`, `lost`.
  case running
  /// Claims nothing, finishes what runs. Next: `draining`, `lost`.
  case quiet
  /// Claims nothing and ends. Next: `lost`.
  case draining
  /// Has not beaten for a while. Next: none.
  case lost
}

/// How many workers there are.
public struct WorkerCensus: Sendable, Equatable {
  /// By state.
  public var byState: [WorkerState: Int]
  /// By the queues that they serve; lost ones serve none.
  public var byQueue: [QueueName: Int]

  /// Counts workers.
  public init(_ workers: [(state: WorkerState, queues: [QueueName])] = []) {
    byState = [:]
    byQueue = [:]
    for worker in workers {
      byState[worker.state, default: 0] += 1
      if worker.state == .lost { continue }
      for queue in worker.queues { byQueue[queue, default: 0] += 1 }
    }
  }
}
