import Glibc

/// How long the kernel lets one call on a socket wait.
///
/// A limit that ends before the deadline does no harm, since the call is then made again. So one limit serves many calls
/// with deadlines alike, and most of them spend no system call on it.
struct WaitLimit {
  private let option: Int32
  private var current = Duration.zero

  /// - Parameter option: `SO_SNDTIMEO` or `SO_RCVTIMEO`.
  init(option: Int32) {
    self.option = option
  }

  /// Sees to it that the next call ends by `deadline`; false when that has passed.
  mutating func renew(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return false }
    // Above half of what is left, a wait for the whole of it takes few calls.
    if current <= left, current + current >= left { return true }
    // With less than the whole the next deadline of the same length finds a limit that still fits.
    let limit = left > .milliseconds(10) ? left * 3 / 4 : left
    guard Self.set(descriptor, option, to: limit) else { return false }
    current = limit
    return true
  }

  /// Tells the kernel; false when no time is left or the kernel refuses.
  static func set(_ descriptor: Int32, _ option: Int32, to limit: Duration) -> Bool {
    guard limit > .zero else { return false }
    let (seconds, attoseconds) = limit.components
    // Zero would mean for ever.
    let microseconds = max(attoseconds / 1_000_000_000_000, seconds == 0 ? 1 : 0)
    var time = timeval(tv_sec: Int(min(seconds, 1 << 30)), tv_usec: Int(microseconds))
    return setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size)) == 0
  }
}
