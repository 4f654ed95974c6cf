import Glibc
import Synchronization

/// Work on threads of its own, for measurements of what a second one adds.
enum Threads {
  /// Runs `body` on `count` threads at once and returns when all have ended.
  static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) throws {
    var threads: [pthread_t] = []
    for _ in 0..<count {
      let start = Unmanaged.passRetained(Start(body))
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { Start.run($0) }, start.toOpaque())
      guard status == 0 else {
        start.release()
        throw BenchError("pthread_create: \(status)")
      }
      threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  /// How many operations a second all of `count` threads do together, by the clock on the wall.
  static func rate(_ count: Int, for seconds: Double, _ operation: @escaping @Sendable () -> Void) throws -> Double {
    let total = Atomic(0)
    let began = Stopwatch.wall()
    let end = began + Int64(seconds * 1e9)
    try run(count) {
      var operations = 0
      while Stopwatch.wall() < end {
        operation()
        operations += 1
      }
      total.wrappingAdd(operations, ordering: .relaxed)
    }
    return Double(total.load(ordering: .relaxed)) / (Double(Stopwatch.wall() - began) / 1e9)
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    static func run(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      guard let pointer else { return nil }
      Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue().body()
      return nil
    }
  }
}

/// The first error of many threads.
final class FirstFailure: Sendable {
  private let error = Mutex<(any Error)?>(nil)

  func record(_ error: any Error) { self.error.withLock { $0 = $0 ?? error } }

  func rethrow() throws { if let error = error.withLock({ $0 }) { throw error } }
}
