internal import Service

/// When a schedule runs: by the wall clock, or every so often whatever the clocks show.
public enum ScheduleTiming: Sendable, Hashable, CustomStringConvertible {
  /// At the times of an expression.
  case cron(CronExpression)
  /// Each time that these milliseconds have passed, from the schedule's creation on; written `@every 90s`.
  case every(ms: Int64)

  /// A second to a year, in milliseconds.
  public static let periods: ClosedRange<Int64> = 1000...31_536_000_000
  /// Stands for a run that never comes.
  static let never = Timestamp.latest.unixMs

  /// Reads five fields, a nickname, or `@every` and a duration.
  ///
  /// - Throws: `Malformed` that names what is wrong.
  public init(_ text: String) throws(CronExpression.Malformed) {
    guard text.hasPrefix("@every") else {
      self = .cron(try CronExpression(text))
      return
    }
    let words = text.split(separator: " ")
    guard words.count == 2, words[0] == "@every", let period = DurationText.parse(String(words[1])),
      (Duration.milliseconds(Self.periods.lowerBound)...Duration.milliseconds(Self.periods.upperBound)).contains(period)
    else {
      throw CronExpression.Malformed(
        description: "@every: expected a duration of 1s to 365d: \(DurationText.expected)")
    }
    self = .every(ms: period.wholeMilliseconds)
  }

  /// The text that reads back as this.
  public var description: String {
    switch self {
    case .cron(let expression): expression.description
    case .every(let ms): "@every \(DurationText.text(.milliseconds(ms)))"
    }
  }

  /// The run after a run, or after the schedule's creation, in Unix milliseconds; nil when none comes.
  public func next(after ms: Int64, in zone: TimeZoneFile) -> Int64? {
    guard (0..<Self.never).contains(ms) else { return nil }
    switch self {
    case .cron(let expression): return expression.next(after: ms / 1000, in: zone).map { $0 * 1000 }
    case .every(let period): return ms + period < Self.never ? ms + period : nil
    }
  }

  /// The last run that is not after `now`, where `run` is a run that is not after it either.
  ///
  /// - Complexity: logarithmic in the time between, so that a year without a producer costs no more than a minute.
  func last(notAfter now: Int64, from run: Int64, in zone: TimeZoneFile) -> Int64 {
    switch self {
    case .every(let period): return run + (now - run) / period * period
    case .cron(let expression):
      // The latest second after which there still is a run up to now is the one before the last run.
      var (low, high) = (run / 1000 - 1, now / 1000)
      while high - low > 1 {
        let middle = low + (high - low) / 2
        if let next = expression.next(after: middle, in: zone), next <= now / 1000 {
          low = middle
        } else {
          high = middle
        }
      }
      return max(run, (low + 1) * 1000)
    }
  }
}
