import Glibc

/// Reads clocks, and repeats work for a while.
enum Stopwatch {
  /// Nanoseconds that passed.
  static func wall() -> Int64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds that this thread had a processor; what other processes take of the machine is not in it.
  static func threadCPU() -> Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// Calls `body` for about `seconds` of processor time and answers how many of its operations one second of it held.
  ///
  /// - Parameter body: answers how many operations it did.
  static func perCPUSecond(for seconds: Double, _ body: () throws -> Int) rethrows -> Double {
    let start = threadCPU()
    let enough = start + Int64(seconds * 1e9)
    var operations = 0
    var now = start
    while now < enough {
      operations += try body()
      now = threadCPU()
    }
    return Double(operations) / (Double(now - start) / 1e9)
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
