import Glibc
import Service
import Synchronization

/// A thread that reads a descriptor, one piece for each `ask`, so that no more is read than somebody takes.
final class InputPump: Sendable {
  /// Bytes of a piece at most.
  static let pieceBytes = 256 * 1024

  private let descriptor: Int32
  private let deliver: @Sendable (Result<[UInt8], FileBytes.Failure>) -> Void
  private let asked = Mutex(0)
  private let bell = Bell()

  /// - Parameter deliver: gets each piece, on the thread; an empty one is the end and the last, as a failure is.
  init(_ descriptor: Int32, deliver: @escaping @Sendable (Result<[UInt8], FileBytes.Failure>) -> Void) {
    self.descriptor = descriptor
    self.deliver = deliver
  }

  /// Starts the thread; it ends after the last piece, or with the process.
  func start() {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<InputPump>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, context.toOpaque())
    guard failure == 0 else {
      context.release()
      return deliver(.failure(FileBytes.failure(failure)))
    }
    pthread_detach(thread)
  }

  /// Lets it read one piece more.
  func ask() {
    asked.withLock { $0 += 1 }
    bell.ring()
  }

  private func work() {
    while true {
      while !asked.withLock({ count in
        if count == 0 { return false }
        count -= 1
        return true
      }) { bell.wait() }
      let piece = read()
      deliver(piece)
      guard case .success(let bytes) = piece, !bytes.isEmpty else { return }
    }
  }

  private func read() -> Result<[UInt8], FileBytes.Failure> {
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, filled in
        count = Glibc.read(descriptor, buffer.baseAddress, Self.pieceBytes)
        filled = max(0, count)
      }
      if count >= 0 { return .success(bytes) }
      if errno != EINTR { return .failure(FileBytes.failure(errno)) }
    }
  }
}

/// A semaphore of the system between two threads.
// The pointer is set once and freed by `deinit` alone; sem_post and sem_wait may be called from any thread.
final class Bell: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func ring() { sem_post(semaphore) }

  /// Waits for a ring; may return without one after a signal.
  func wait() { sem_wait(semaphore) }
}
