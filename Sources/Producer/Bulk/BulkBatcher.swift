import Jobs

/// Gathers the jobs of a bulk into calls of Redis: one queue a call, within the bounds of jobs and bytes. Pure.
struct BulkBatcher {
  /// One call.
  struct Batch {
    let queue: QueueName
    /// The jobs.
    private(set) var jobs: [NewJob] = []
    /// Their numbers in the ledger.
    private(set) var numbers: [Int] = []
    private(set) var bytes = 0

    fileprivate init(_ queue: QueueName) {
      self.queue = queue
      jobs.reserveCapacity(JobLimits.batchJobs)
      numbers.reserveCapacity(JobLimits.batchJobs)
    }

    fileprivate mutating func add(_ job: NewJob, _ number: Int, _ cost: Int) {
      jobs.append(job)
      numbers.append(number)
      bytes += cost
    }
  }

  private var open: [Batch] = []

  /// Whether no job waits for its call.
  var isEmpty: Bool { open.isEmpty }

  /// Takes a job; answers the calls that it made complete: one that was full with it, or too full for it.
  mutating func add(_ job: NewJob, number: Int) -> Batch? {
    let cost = job.payload.count + 256
    guard let index = open.firstIndex(where: { $0.queue == job.id.queue }) else {
      var batch = Batch(job.id.queue)
      batch.add(job, number, cost)
      open.append(batch)
      return nil
    }
    if open[index].bytes + cost > JobLimits.batchBytes {
      let full = open[index]
      open[index] = Batch(job.id.queue)
      open[index].add(job, number, cost)
      return full
    }
    open[index].add(job, number, cost)
    return open[index].jobs.count == JobLimits.batchJobs ? open.remove(at: index) : nil
  }

  /// Hands out what is gathered, complete or not.
  mutating func takeAll() -> [Batch] {
    let batches = open
    open = []
    return batches
  }
}
