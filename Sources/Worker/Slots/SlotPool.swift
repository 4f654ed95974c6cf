import CLinux
import Glibc
import Synchronization

/// The threads that run job code: one a slot, away from the loop and from the shared pool of Swift tasks.
///
/// A task executor over one line of work: a job's task starts with this preference and stays here across its awaits. A
/// waiting thread is woken for the first piece of work, and each woken thread wakes the next while work is left, so
/// that a burst of tiny jobs is done by the threads that are awake already. Each thread sleeps on a bell of its own, and
/// the one that fell asleep last is woken first: a shared eventfd would wake every sleeper for every piece.
final class SlotPool: TaskExecutor {
  private struct Line {
    var jobs: [UnownedJob] = []
    var head = 0
    /// The bells of sleeping threads, the latest sleeper last.
    var sleepers: [Int32] = []
    /// Threads that have been woken and have not taken work yet.
    var waking = 0

    mutating func pop() -> UnownedJob? {
      guard head < jobs.count else { return nil }
      let job = jobs[head]
      head += 1
      if head == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        head = 0
      } else if head == 1024 {
        jobs.removeFirst(head)
        head = 0
      }
      return job
    }

    /// The bell to ring for the work that is left; one thread at a time is on its way.
    mutating func takeSleeper() -> Int32? {
      guard head < jobs.count, waking == 0, let bell = sleepers.popLast() else { return nil }
      waking += 1
      return bell
    }
  }

  /// Room for deep recursion in job code; the kernel commits only what is touched.
  private static let stackBytes = 8 * 1024 * 1024

  /// How many jobs can run at once.
  let slots: Int
  /// Which of the threads have work, for those who could use the others' processors.
  let load: SlotLoad

  private let line = Mutex(Line())

  /// Starts `slots` threads. They live as long as the process.
  init(slots: Int) {
    self.slots = slots
    load = SlotLoad(slots: slots)
    // Not by the type's initializer: which clang module it belongs to depends on what was compiled before.
    withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { room in
      guard let attributes = room.baseAddress else { return }
      pthread_attr_init(attributes)
      pthread_attr_setstacksize(attributes, Self.stackBytes)
      pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
      for number in 0..<slots { start(number, attributes) }
      pthread_attr_destroy(attributes)
    }
  }

  private func start(_ number: Int, _ attributes: UnsafePointer<pthread_attr_t>) {
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, attributes,
      { context in
        guard let context else { return nil }
        wc_name_thread("slot")
        Unmanaged<SlotPool>.fromOpaque(context).takeRetainedValue().work()
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(
      failure == 0, "the kernel refused thread \(number + 1) of \(slots): error \(failure); lower CONCURRENCY")
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let bell = line.withLock { line in
      line.jobs.append(job)
      return line.takeSleeper()
    }
    if let bell { eventfd_write(bell, 1) }
  }

  private func work() -> Never {
    let bell = eventfd(0, Int32(EFD_CLOEXEC))
    precondition(bell >= 0, "the kernel refused an eventfd: errno \(errno); lower CONCURRENCY")
    let executor = asUnownedTaskExecutor()
    var wasWoken = false
    while true {
      let (job, next) = line.withLock { line -> (UnownedJob?, Int32?) in
        if wasWoken { line.waking -= 1 }
        guard let job = line.pop() else {
          line.sleepers.append(bell)
          return (nil, nil)
        }
        return (job, line.takeSleeper())
      }
      wasWoken = false
      if let next { eventfd_write(next, 1) }
      if let job {
        load.began()
        job.runSynchronously(on: executor)
        load.ended()
        continue
      }
      var rings: eventfd_t = 0
      while eventfd_read(bell, &rings) != 0 && errno == EINTR {}
      wasWoken = true
    }
  }
}
