import CLinux
import Glibc
import Proofs
import Synchronization

/// Shares the work of one proof among threads: the slot's own, and one for each slot that was idle when it began. In a
/// busy worker a proof has one thread, as two proofs side by side are done sooner than one after the other on two.
enum ProofThreads {
  /// More threads than this gain little for one proof.
  static let most = 16

  /// Calls `body` with what the load allows at this moment, and gives it back.
  static func shared<Value>(_ load: SlotLoad, _ body: (WorkSharing) throws(ProofsError) -> Value) throws(ProofsError)
    -> Value
  {
    let borrowed = load.borrow(most: most - 1)
    defer { load.giveBack(borrowed) }
    guard borrowed > 0 else { return try body(.none) }
    return try body(WorkSharing(width: 1 + borrowed) { count, part in run(count, threads: 1 + borrowed, part) })
  }

  /// Calls `part` once for each number below `count`, on this thread and on others, and returns when all calls have ended.
  ///
  /// It does not wait for the threads: on a machine that is busy with other things one may not even have begun when the
  /// work is done.
  static func run(_ count: Int, threads: Int, _ part: @Sendable (Int) -> Void) {
    guard count > 1, threads > 1 else {
      for index in 0..<count { part(index) }
      return
    }
    withoutActuallyEscaping(part) { part in
      let work = Parts(count: count, part: part)
      for _ in 1..<min(threads, count) where !start(work) { break }
      work.run()
      work.waitForAll()
    }
  }

  /// Starts a thread that helps; without one the others do its share.
  private static func start(_ work: Parts) -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(work)
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        wc_name_thread("proof")
        Unmanaged<Parts>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard failure == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  // The function is called only by who holds a number below `count`, and cleared once, by `waitForAll`, after the last of
  // those calls has ended; a thread that comes later gets no number and does not look at it.
  private final class Parts: @unchecked Sendable {
    private let count: Int
    private var part: (@Sendable (Int) -> Void)?
    private let next = Atomic<Int>(0)
    private let unfinished: Atomic<Int>
    private let finished: Int32

    init(count: Int, part: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.part = part
      unfinished = Atomic(count)
      finished = eventfd(0, Int32(EFD_CLOEXEC))
    }

    deinit { close(finished) }

    func run() {
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        part?(index)
        if unfinished.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
          eventfd_write(finished, 1)
        }
      }
    }

    func waitForAll() {
      var rings: eventfd_t = 0
      while unfinished.load(ordering: .acquiring) > 0 {
        // Without an eventfd, which needs a descriptor, the end is looked for again and again.
        if eventfd_read(finished, &rings) != 0 { sched_yield() }
      }
      part = nil
    }
  }
}
