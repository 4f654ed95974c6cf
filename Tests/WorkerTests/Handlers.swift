import Synchronization

@testable import Worker

/// A handler made of a closure.
struct ClosureHandler: JobHandler {
  let body: @Sendable (Job, JobContext) async throws(JobFailure) -> [UInt8]

  init(_ body: @escaping @Sendable (Job, JobContext) async throws(JobFailure) -> [UInt8]) { self.body = body }

  func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8] { try await body(job, context) }
}

/// A handler that holds its thread until it is let go, and never looks at its context.
final class StubbornHandler: JobHandler {
  private let isReleased = Atomic<Bool>(false)
  private let count = Atomic<Int>(0)

  /// How many runs have begun.
  var runs: Int { count.load(ordering: .acquiring) }

  func release() { isReleased.store(true, ordering: .releasing) }

  func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
    count.add(1, ordering: .acquiringAndReleasing)
    while !isReleased.load(ordering: .acquiring) {}
    return Array(#""late""#.utf8)
  }
}

/// A handler that spins until it is asked to stop.
final class SpinningHandler: JobHandler {
  private let count = Atomic<Int>(0)

  var runs: Int { count.load(ordering: .acquiring) }

  func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
    count.add(1, ordering: .acquiringAndReleasing)
    while true { try context.checkStop() }
  }
}

/// A handler that waits, without holding its thread, until it is asked to stop.
final class SleepingHandler: JobHandler {
  private let count = Atomic<Int>(0)

  var runs: Int { count.load(ordering: .acquiring) }

  func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8] {
    count.add(1, ordering: .acquiringAndReleasing)
    let (stream, end) = AsyncStream<Void>.makeStream()
    for await _ in stream {}
    end.finish()
    throw .stopped
  }
}

/// Counts runs and the most that ran at once.
final class CountingHandler: JobHandler {
  private struct State {
    var runs = 0
    var now = 0
    var most = 0
  }
  private let state = Mutex(State())

  var runs: Int { state.withLock(\.runs) }
  var mostAtOnce: Int { state.withLock(\.most) }

  func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8] {
    state.withLock { state in
      state.runs += 1
      state.now += 1
      state.most = max(state.most, state.now)
    }
    await Task.yield()
    state.withLock { $0.now -= 1 }
    return job.payload
  }
}
