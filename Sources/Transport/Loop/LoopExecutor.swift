import CLinux
import Glibc
import Synchronization

/// The thread behind `EventLoop`: a serial executor and a task executor in one, over epoll.
///
/// A tick runs what is runnable, fires timers, sends what the tick wrote, then waits in epoll and delivers events.
final class LoopExecutor: SerialExecutor, TaskExecutor {
  /// What other threads hand in.
  private struct Inbox {
    var jobs: [UnownedJob] = []
    var posts: [@EventLoop @Sendable () -> Void] = []
    var isAsleep = false
    var statistics = LoopStatistics()

    /// Whether the loop must be woken; it is then no longer asleep, so one waker is enough.
    mutating func takeSleep() -> Bool {
      guard isAsleep else { return false }
      isAsleep = false
      statistics.wakes += 1
      return true
    }
  }

  /// Rounds of runnable jobs before the loop looks at its sockets again.
  private static let roundsPerTick = 16

  private let inbox = Mutex(Inbox())
  private let thread = Atomic<UInt>(0)
  private let epoll: Int32
  private let bell: Int32
  // Touched by the loop thread alone: `enqueue` checks `isCurrent` first, `run` is that thread.
  private nonisolated(unsafe) var local: [UnownedJob] = []
  // Touched by the loop thread alone, in `run`.
  private nonisolated(unsafe) var batch: [UnownedJob] = []

  init() {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(epoll >= 0 && bell >= 0, "the kernel refused an epoll or eventfd descriptor: errno \(errno)")
  }

  func start() {
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        wc_name_thread("event-loop")
        Unmanaged<LoopExecutor>.fromOpaque(context).takeRetainedValue().run()
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(failure == 0, "the kernel refused the event loop's thread: error \(failure)")
    pthread_detach(thread)
  }

  var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  var statistics: LoopStatistics { inbox.withLock { $0.statistics } }

  // MARK: Executor

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      local.append(job)
      return
    }
    let mustWake = inbox.withLock { inbox in
      inbox.jobs.append(job)
      inbox.statistics.foreignEnqueues += 1
      return inbox.takeSleep()
    }
    if mustWake { eventfd_write(bell, 1) }
  }

  func post(_ body: @escaping @EventLoop @Sendable () -> Void) {
    let mustWake = inbox.withLock { inbox in
      inbox.posts.append(body)
      return inbox.takeSleep()
    }
    if mustWake { eventfd_write(bell, 1) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  func checkIsolated() { precondition(isCurrent, "@EventLoop code on another thread") }

  func isIsolatingCurrentContext() -> Bool? { isCurrent }

  // MARK: The thread

  private func run() -> Never {
    thread.store(pthread_self(), ordering: .relaxed)
    let serial = asUnownedSerialExecutor()
    let task = asUnownedTaskExecutor()
    EventLoop.assumeIsolated {
      LoopCore.shared.adopt(epoll: epoll)
      LoopCore.shared.watchBell(bell)
    }
    while true {
      var sleep: Int32 = 0
      for _ in 0..<Self.roundsPerTick {
        takeInbox()
        if local.isEmpty { break }
        swap(&local, &batch)
        for job in batch { job.runSynchronously(isolatedTo: serial, taskExecutor: task) }
        batch.removeAll(keepingCapacity: true)
      }
      EventLoop.assumeIsolated { sleep = LoopCore.shared.endTick() }
      let mayBlock = local.isEmpty && sleep != 0 && fallAsleep()
      EventLoop.assumeIsolated { LoopCore.shared.wait(milliseconds: mayBlock ? sleep : 0) }
      if mayBlock { inbox.withLock { $0.isAsleep = false } }
      EventLoop.assumeIsolated { LoopCore.shared.beginTick() }
    }
  }

  /// Runs the posts of other threads and takes over their jobs.
  private func takeInbox() {
    var posts: [@EventLoop @Sendable () -> Void] = []
    inbox.withLock { inbox in
      inbox.statistics.rounds += 1
      if !inbox.posts.isEmpty { swap(&posts, &inbox.posts) }
      if !inbox.jobs.isEmpty {
        local.append(contentsOf: inbox.jobs)
        inbox.jobs.removeAll(keepingCapacity: true)
      }
    }
    if !posts.isEmpty {
      EventLoop.assumeIsolated { for post in posts { post() } }
    }
  }

  /// Says that the loop is about to wait, unless something has arrived since the inbox was last taken.
  private func fallAsleep() -> Bool {
    inbox.withLock { inbox in
      guard inbox.jobs.isEmpty && inbox.posts.isEmpty else { return false }
      inbox.isAsleep = true
      return true
    }
  }
}
