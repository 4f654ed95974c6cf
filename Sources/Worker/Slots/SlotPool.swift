import CLinux
import Glibc
import Synchronization

/// The threads that run job code: one a slot, away from the loop and from the shared pool of Swift tasks.
///
/// A task executor over one line of work: a job's task starts with this preference and stays here across its awaits. A
/// waiting thread is woken for the first piece of work, and each woken thread wakes the next while work is left, so
/// that a burst of tiny jobs is done by the threads that are awake already.
final class SlotPool: TaskExecutor {
  private struct Line {
    var jobs: [UnownedJob] = []
    var head = 0
    var sleeping = 0
    var wakesUnderWay = 0

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

    /// Whether the caller must wake one more thread for the work that is left.
    mutating func takeWake() -> Bool {
      guard head < jobs.count, sleeping > wakesUnderWay, wakesUnderWay < jobs.count - head else { return false }
      wakesUnderWay += 1
      return true
    }
  }

  /// Room for deep recursion in job code; the kernel commits only what is touched.
  private static let stackBytes = 8 * 1024 * 1024

  /// How many jobs can run at once.
  let slots: Int

  private let line = Mutex(Line())
  private let bell: Int32

  /// Starts `slots` threads. They live as long as the process.
  init(slots: Int) {
    self.slots = slots
    bell = eventfd(0, Int32(EFD_SEMAPHORE | EFD_CLOEXEC))
    precondition(bell >= 0, "the kernel refused an eventfd: errno \(errno)")
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Self.stackBytes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    for number in 0..<slots {
      var thread = pthread_t()
      let failure = pthread_create(
        &thread, &attributes,
        { context in
          guard let context else { return nil }
          wc_name_thread("slot")
          Unmanaged<SlotPool>.fromOpaque(context).takeRetainedValue().work()
        }, Unmanaged.passRetained(self).toOpaque())
      precondition(
        failure == 0, "the kernel refused thread \(number + 1) of \(slots): error \(failure); lower CONCURRENCY")
    }
    pthread_attr_destroy(&attributes)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let mustWake = line.withLock { line in
      line.jobs.append(job)
      return line.takeWake()
    }
    if mustWake { eventfd_write(bell, 1) }
  }

  private func work() -> Never {
    let executor = asUnownedTaskExecutor()
    while true {
      let (job, mustWake) = line.withLock { line -> (UnownedJob?, Bool) in
        guard let job = line.pop() else {
          line.sleeping += 1
          return (nil, false)
        }
        return (job, line.takeWake())
      }
      if mustWake { eventfd_write(bell, 1) }
      if let job {
        job.runSynchronously(on: executor)
        continue
      }
      var rings: eventfd_t = 0
      while eventfd_read(bell, &rings) != 0 && errno == EINTR {}
      line.withLock { line in
        line.sleeping -= 1
        line.wakesUnderWay -= 1
      }
    }
  }
}
