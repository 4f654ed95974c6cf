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

  /// Calls `part` once for each number below `count`, on this thread and on others that end before this returns.
  static func run(_ count: Int, threads: Int, _ part: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(part) { part in
      let work = Parts(count: count, part: part)
      var others: [pthread_t] = []
      for _ in 1..<max(1, min(threads, count)) {
        var thread = pthread_t()
        let failure = pthread_create(
          &thread, nil,
          { context in
            guard let context else { return nil }
            wc_name_thread("proof")
            Unmanaged<Parts>.fromOpaque(context).takeRetainedValue().run()
            return nil
          }, Unmanaged.passRetained(work).toOpaque())
        // Without a thread the others do its share.
        guard failure == 0 else {
          Unmanaged.passUnretained(work).release()
          break
        }
        others.append(thread)
      }
      work.run()
      for thread in others { pthread_join(thread, nil) }
    }
  }

  /// The parts that nobody has taken yet.
  private final class Parts: Sendable {
    private let count: Int
    private let part: @Sendable (Int) -> Void
    private let next = Atomic<Int>(0)

    init(count: Int, part: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.part = part
    }

    func run() {
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        part(index)
      }
    }
  }
}
