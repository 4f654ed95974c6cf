import Glibc

/// The time of day; it may jump. For log lines only: jobs go by the clock of Redis.
public enum WallClock {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public static func nowMs() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension WallClock {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public static func nowNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// A clock that only goes forward, from an unspecified start; for durations.
public enum MonotonicClock {
  /// Nanoseconds since the start.
  public static func nowNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The time since `start`, which came from `nowNanoseconds()`.
  public static func elapsed(since start: Int64) -> Duration { .nanoseconds(nowNanoseconds() &- start) }
}
