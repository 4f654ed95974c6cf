internal import Service

extension CronExpression {
  /// Years that are looked through: 29 February on a certain day of the week may be 28 years away, and 12 over a century's
  /// turn without a leap day.
  private static let years: Int64 = 40

  /// The first run after an instant; nil when none comes within 40 years or before the year 9999.
  ///
  /// Where clocks are put forward, a time that is skipped runs at the first instant after the gap, once. Where they are
  /// put back, a time that comes twice runs the first time, unless the schedule runs every hour: then it follows the
  /// time that passes and runs both times.
  ///
  /// - Parameters:
  ///   - instant: Unix seconds.
  ///   - zone: whose wall clock counts.
  public func next(after instant: Int64, in zone: TimeZoneFile) -> Int64? {
    guard (0..<253_370_764_800).contains(instant) else { return nil }
    let today = (instant + Int64(zone.offset(at: instant))) / 86_400
    // A day that begins before its local midnight, by a gap, may be found a day early.
    for day in (today - 1)...(today + Self.years * 366) {
      let date = CivilDate(daysSince1970: day)
      guard date.year <= 9998 else { return nil }
      guard fits(month: date.month, day: date.day, weekday: date.weekday) else { continue }
      if let found = first(on: day, after: instant, in: zone) { return found }
    }
    return nil
  }

  /// The first run of a local day after an instant.
  private func first(on day: Int64, after instant: Int64, in zone: TimeZoneFile) -> Int64? {
    let midnight = day * 86_400
    let offsets = [midnight - 86_400, midnight + 43_200, midnight + 2 * 86_400].map { Int64(zone.offset(at: $0)) }
    let (least, most) = (offsets.min() ?? 0, offsets.max() ?? 0)
    if least == most { return first(onPlainDay: midnight - least, after: instant) }
    var best: Int64?
    for hour in 0..<24 as Range<Int64> where hours >> UInt64(hour) & 1 == 1 {
      for minute in 0..<60 as Range<Int64> where minutes >> UInt64(minute) & 1 == 1 {
        let local = midnight + hour * 3600 + minute * 60
        // Whichever offset holds, or a gap: the time comes between these two.
        if local - least <= instant { continue }
        if let best, local - most >= best { return best }
        for run in zone.instants(ofLocal: local, isEvery: isHourly) where run > instant && run < best ?? .max {
          best = run
        }
      }
    }
    return best
  }

  /// The same for a day on which clocks are not changed and which begins at `start`: nearly every day.
  private func first(onPlainDay start: Int64, after instant: Int64) -> Int64? {
    guard instant < start + 86_400 else { return nil }
    let minute = instant < start ? 0 : (instant - start) / 60 + 1
    for hour in (minute / 60)..<24 where hours >> UInt64(hour) & 1 == 1 {
      let late = hour == minute / 60 ? minutes & (.max << UInt64(minute % 60)) : minutes
      if late != 0 { return start + hour * 3600 + Int64(late.trailingZeroBitCount) * 60 }
    }
    return nil
  }
}

extension TimeZoneFile {
  /// The instants at which the wall clock shows a local time, given as if its offset were 0.
  ///
  /// A time that is skipped gives the first instant after the gap; one that comes twice gives the first instant, or
  /// both.
  func instants(ofLocal local: Int64, isEvery: Bool) -> [Int64] {
    // No zone changes twice within a day.
    let before = offset(at: local - 86_400)
    let after = offset(at: local + 86_400)
    let found = (before == after ? [before] : [before, after]).map { local - Int64($0) }.filter { candidate in
      candidate + Int64(offset(at: candidate)) == local
    }.sorted()
    if let first = found.first { return isEvery ? found : [first] }
    // In a gap: the change lies between the instants that either offset would give.
    var (low, high) = (local - 86_400, local + 86_400)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(at: middle) == before { low = middle } else { high = middle }
    }
    return [high]
  }
}
