import Foundation
import Synchronization

/// The one thread that starts child processes, and that lives as long as the test process.
///
/// Children ask the kernel to be killed when their parent ends (PR_SET_PDEATHSIG), and the kernel's "parent" is the
/// thread that forked. A pool thread may end at any time, so no pool thread may fork.
final class SpawnThread: Sendable {
  static let shared = SpawnThread()

  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let bell = DispatchSemaphore(value: 0)

  private init() {
    let thread = Thread { [self] in
      while true {
        bell.wait()
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?()
      }
    }
    thread.name = "spawn"
    thread.start()
  }

  /// Runs `body` on the thread and waits for its value.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
    let done = DispatchSemaphore(value: 0)
    let box = Box<Value>()
    jobs.withLock {
      $0.append {
        box.value.withLock { $0 = body() }
        done.signal()
      }
    }
    bell.signal()
    done.wait()
    return box.value.withLock { $0 }!
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
