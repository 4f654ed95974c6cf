import Foundation
import TestSupport
import Testing

@testable import Jobs

@Suite("Cron expressions") struct CronTests {
  /// Runs after an instant, as Unix seconds.
  private func runs(_ text: String, _ zone: TimeZoneFile, after start: Int64, count: Int) throws -> [Int64] {
    let cron = try CronExpression(text)
    var runs: [Int64] = []
    var instant = start
    for _ in 0..<count {
      guard let next = cron.next(after: instant, in: zone) else { break }
      runs.append(next)
      instant = next
    }
    return runs
  }

  /// Seconds of `2026-03-29T01:30`, in UTC.
  private func utc(_ text: String) throws -> Int64 {
    let formatter = ISO8601DateFormatter()
    return Int64(try #require(formatter.date(from: text + ":00Z")).timeIntervalSince1970)
  }

  @Test("runs in UTC")
  func plain() throws {
    let start = try utc("2026-01-31T23:59")
    let cases: [(String, [String])] = [
      ("* * * * *", ["2026-02-01T00:00", "2026-02-01T00:01"]),
      ("*/15 3 * * *", ["2026-02-01T03:00", "2026-02-01T03:15"]),
      ("5/20 * * * *", ["2026-02-01T00:05", "2026-02-01T00:25", "2026-02-01T00:45", "2026-02-01T01:05"]),
      ("0 0 31 * *", ["2026-03-31T00:00", "2026-05-31T00:00"]),
      ("30 9 * * mon-fri", ["2026-02-02T09:30", "2026-02-03T09:30"]),
      ("0 12 13 * FRI", ["2026-02-06T12:00", "2026-02-13T12:00", "2026-02-20T12:00"]),
      ("0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00"]),
      ("0 0 * * 7", ["2026-02-01T00:00", "2026-02-08T00:00"]),
      ("0 0 1 jan,JUL *", ["2026-07-01T00:00", "2027-01-01T00:00"]),
      ("@hourly", ["2026-02-01T00:00", "2026-02-01T01:00"]),
      ("@yearly", ["2027-01-01T00:00"]), ("@weekly", ["2026-02-01T00:00", "2026-02-08T00:00"]),
      ("59 23 31 12 *", ["2026-12-31T23:59"]),
      ("1-10/3 0 * * *", ["2026-02-01T00:01", "2026-02-01T00:04", "2026-02-01T00:07", "2026-02-01T00:10"]),
    ]
    for (text, expected) in cases {
      #expect(try runs(text, .utc, after: start, count: expected.count) == expected.map { try utc($0) }, "\(text)")
    }
  }

  @Test("clocks put forward: a skipped time runs once, right after the gap")
  func gap() throws {
    let berlin = try Zones.read("Europe/Berlin")
    // 29 March 2026: 02:00 to 03:00 does not exist; the gap ends at 01:00 UTC.
    let start = try utc("2026-03-28T12:00")
    #expect(
      try runs("30 2 * * *", berlin, after: start, count: 2) == [utc("2026-03-29T01:00"), utc("2026-03-30T00:30")])
    #expect(
      try runs("0,30 2 * * *", berlin, after: start, count: 3) == [
        utc("2026-03-29T01:00"), utc("2026-03-30T00:00"), utc("2026-03-30T00:30"),
      ])
    let quarter = try runs("*/30 * * * *", berlin, after: try utc("2026-03-29T00:00"), count: 4)
    #expect(
      try quarter == [
        utc("2026-03-29T00:30"), utc("2026-03-29T01:00"), utc("2026-03-29T01:30"), utc("2026-03-29T02:00"),
      ])
  }

  @Test("clocks put back: a time that comes twice runs the first time; what runs every hour runs both times")
  func overlap() throws {
    let berlin = try Zones.read("Europe/Berlin")
    // 25 October 2026: 02:00 to 03:00 comes twice, at 00:00 and at 01:00 UTC.
    let start = try utc("2026-10-24T12:00")
    #expect(
      try runs("30 2 * * *", berlin, after: start, count: 2) == [utc("2026-10-25T00:30"), utc("2026-10-26T01:30")])
    let hourly = try runs("30 * * * *", berlin, after: try utc("2026-10-24T23:00"), count: 4)
    #expect(
      try hourly == [
        utc("2026-10-24T23:30"), utc("2026-10-25T00:30"), utc("2026-10-25T01:30"), utc("2026-10-25T02:30"),
      ])
  }

  @Test("half an hour of summer time, a day that was skipped, and midnights that do not exist")
  func oddZones() throws {
    let lordHowe = try Zones.read("Australia/Lord_Howe")
    // 4 October 2026: 02:00 becomes 02:30, at 15:30 UTC of the day before.
    #expect(try runs("15 2 * * *", lordHowe, after: try utc("2026-10-03T12:00"), count: 1) == [utc("2026-10-03T15:30")])
    let apia = try Zones.read("Pacific/Apia")
    // 30 December 2011 was left out: it ended, as it were, at 10:00 UTC of the 30th.
    #expect(try runs("0 12 30 12 *", apia, after: try utc("2011-12-29T00:00"), count: 1) == [utc("2011-12-30T10:00")])
    let santiago = try Zones.read("America/Santiago")
    // 6 September 2026: midnight does not exist; the day begins at 01:00, 04:00 UTC.
    #expect(try runs("0 0 * * *", santiago, after: try utc("2026-09-05T12:00"), count: 1) == [utc("2026-09-06T04:00")])
  }

  @Test("runs are in order, fit the wall clock outside of gaps, and none is missing: against a plain search by minutes")
  func againstMinutes() throws {
    var generator = SeededGenerator()
    let zones = try ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"].map { try Zones.read($0) }
    let texts = ["17 * * * *", "*/20 */3 * * *", "5 4 * * 1,3", "0 12 1-7 * *", "45 23 * * *"]
    for round in 0..<40 {
      let zone = zones[round % 4]
      let cron = try CronExpression(texts[round % 5])
      // Months without changes of the clock, so that every time exists once.
      let start =
        try utc(round % 2 == 0 ? "2026-01-10T00:00" : "2026-06-10T00:00") + Int64(generator.next() % 1_000_000)
      var minute = (start / 60 + 1) * 60
      while true {
        let local = minute + Int64(zone.offset(at: minute))
        let date = (local / 86_400, local % 86_400)
        let civil = Calendar.utcParts(date.0)
        if cron.minutes >> UInt64(date.1 / 60 % 60) & 1 == 1, cron.hours >> UInt64(date.1 / 3600) & 1 == 1,
          cron.fits(month: civil.month, day: civil.day, weekday: civil.weekday)
        {
          break
        }
        minute += 60
      }
      #expect(cron.next(after: start, in: zone) == minute, "\(cron) after \(start), \(generator)")
    }
  }

  @Test("what is no expression is named by its field")
  func malformed() {
    let cases = [
      ("60 * * * *", "minute:"), ("* 24 * * *", "hour:"), ("* * 0 * *", "day of the month:"),
      ("* * 32 * *", "day of the month:"),
      ("* * * 13 *", "month:"), ("* * * foo *", "month:"), ("* * * * 8", "day of the week:"),
      ("5-1 * * * *", "minute:"),
      ("*/0 * * * *", "minute:"), ("1,,2 * * * *", "minute:"), ("-1 * * * *", "minute:"), ("1/2/3 * * * *", "minute:"),
      ("1.5 * * * *", "minute:"), ("* * *", "five fields"), ("", "five fields"), ("@never", "five fields"),
      ("* * * * * *", "five fields"),
      ("0 0 30 2 *", "no month"), ("0 0 31 4,6 *", "no month"), ("001 * * * *", "minute:"),
      (String(repeating: "1,", count: 200), "256"),
    ]
    for (text, word) in cases {
      let error = #expect(throws: CronExpression.Malformed.self, "\(text)") { try CronExpression(text) }
      #expect(error?.description.contains(word) == true, "\(text): \(String(describing: error))")
    }
  }

  @Test("far instants end without a run, never in a crash")
  func bounds() throws {
    let cron = try CronExpression("* * * * *")
    for instant in [-1, .min, .max, 253_370_764_800] as [Int64] { #expect(cron.next(after: instant, in: .utc) == nil) }
    #expect(cron.next(after: 0, in: .utc) == 60)
  }
}

extension Calendar {
  /// Month, day and weekday (0 for Sunday) of a day since 1970, by Foundation.
  static func utcParts(_ day: Int64) -> (month: Int64, day: Int64, weekday: Int64) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
    let parts = calendar.dateComponents(
      [.month, .day, .weekday], from: Date(timeIntervalSince1970: Double(day) * 86_400))
    return (Int64(parts.month ?? 0), Int64(parts.day ?? 0), Int64((parts.weekday ?? 1) - 1))
  }
}
