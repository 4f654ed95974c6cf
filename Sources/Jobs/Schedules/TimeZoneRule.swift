internal import Service

/// The rule of a POSIX TZ string, such as `CET-1CEST,M3.5.0,M10.5.0/3`: what holds after the last transition of a file.
///
/// Source: POSIX.1-2024 section 8.3, with the wider hours of RFC 9636 section 3.3.1.
struct TimeZoneRule: Sendable, Equatable {
  /// A day of the year and a time of it.
  struct Change: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      /// 1 to 365; 29 February is never counted.
      case julian(Int)
      /// 0 to 365.
      case ordinal(Int)
      /// Week 1 to 5 (the last) of a month, day of the week from 0, Sunday.
      case week(month: Int, week: Int, weekday: Int)
    }

    var day: Day
    /// Seconds after the day's first midnight, by the offset that holds before the change.
    var seconds: Int
  }

  /// Seconds east of UTC, in winter.
  var standard: Int
  /// The same in summer, with its begin and end; nil where there is no summer time.
  var summer: (offset: Int, begin: Change, end: Change)?

  static func == (left: Self, right: Self) -> Bool {
    left.standard == right.standard && left.summer?.offset == right.summer?.offset
      && left.summer?.begin == right.summer?.begin && left.summer?.end == right.summer?.end
  }

  /// The offset at an instant.
  func offset(at instant: Int64) -> Int {
    guard let summer else { return standard }
    // A summer may reach over New Year, and a rule's hours over a day: the neighbours' years are looked at too.
    let year = CivilDate(daysSince1970: Self.floor(instant, 86_400)).year
    var last: (at: Int64, offset: Int)?
    for candidate in (year - 1)...(year + 1) {
      for (change, before, after) in [(summer.begin, standard, summer.offset), (summer.end, summer.offset, standard)] {
        let at = Self.instant(of: change, in: candidate) - Int64(before)
        if at <= instant, at >= last?.at ?? .min { last = (at, after) }
      }
    }
    return last?.offset ?? standard
  }

  /// The change as seconds since 1970, as if its offset were 0.
  private static func instant(of change: Change, in year: Int64) -> Int64 {
    let first = CivilDate(year: year, month: 1, day: 1)?.daysSince1970 ?? 0
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let day: Int64
    switch change.day {
    case .julian(let number): day = first + Int64(number - 1) + (isLeap && number >= 60 ? 1 : 0)
    case .ordinal(let number): day = first + Int64(number)
    case .week(let month, let week, let weekday):
      let begin = CivilDate(year: year, month: Int64(month), day: 1)?.daysSince1970 ?? first
      // 1970-01-01 was a Thursday.
      let shift = modulo(Int64(weekday) - modulo(begin + 4, 7), 7)
      let next =
        month == 12
        ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: Int64(month) + 1, day: 1)
      var found = begin + shift + Int64(week - 1) * 7
      if let end = next?.daysSince1970, found >= end { found -= 7 }
      day = found
    }
    return day * 86_400 + Int64(change.seconds)
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 { (value - modulo(value, divisor)) / divisor }

  private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
