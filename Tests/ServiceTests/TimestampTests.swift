import Foundation
import Service
import TestSupport
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test("random instants are written as Foundation writes them, and read back")
  func againstFoundation() throws {
    var generator = SeededGenerator()
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    for _ in 0..<3000 {
      let milliseconds = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &generator)
      let timestamp = Timestamp(unixMs: milliseconds)
      // Foundation rounds the fraction of a double; whole seconds are exact.
      let seconds = (milliseconds - (milliseconds % 1000 + 1000) % 1000) / 1000
      // Foundation goes by the Julian calendar before 15 October 1582.
      if seconds >= -12_219_292_800 {
        let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(style).dropLast(4)
        #expect(timestamp.description.hasPrefix(expected), "\(milliseconds), \(generator)")
      }
      #expect(timestamp.description.utf8.count == 24, "\(generator)")
      #expect(Timestamp(rfc3339: timestamp.description) == timestamp, "\(milliseconds), \(generator)")
    }
  }

  @Test("dates go through days and back for 800 years around 1970, weekdays included")
  func civil() {
    var previous = CivilDate(daysSince1970: -146_098)
    for days in Int64(-146_097)...146_097 {
      let date = CivilDate(daysSince1970: days)
      let isNext =
        date.day == previous.day + 1 && date.month == previous.month
        || date.day == 1 && previous.day == CivilDate.days(inMonth: previous.month, of: previous.year)
      if !isNext || date.daysSince1970 != days || date.weekday != ((days % 7) + 11) % 7 {
        Issue.record("day \(days)")
        return
      }
      previous = date
    }
    #expect(CivilDate(year: 2026, month: 11, day: 24)?.weekday == 2)
  }

  @Test(
    "known instants",
    arguments: [
      ("1970-01-01T00:00:00.000Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00.500Z", 951_825_600_500),
      ("1900-03-01T00:00:00.000Z", -2_203_891_200_000), ("0000-01-01T00:00:00.000Z", -62_167_219_200_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func known(text: String, unixMs: Int64) {
    #expect(Timestamp(unixMs: unixMs).description == text)
    #expect(Timestamp(rfc3339: text)?.unixMs == unixMs)
  }

  @Test("any integer can be written; outside the years 0 to 9999 the nearest instant is")
  func extremes() {
    #expect(Timestamp(unixMs: Int64.max).description == Timestamp.latest.description)
    #expect(Timestamp(unixMs: Int64.min).description == Timestamp.earliest.description)
  }

  @Test(
    "all forms of RFC 3339 are read",
    arguments: [
      ("2026-01-31T23:59:59Z", "2026-01-31T23:59:59.000Z"), ("2026-01-31t23:59:59z", "2026-01-31T23:59:59.000Z"),
      ("2026-01-31T23:59:59.1Z", "2026-01-31T23:59:59.100Z"),
      ("2026-01-31T23:59:59.123456789123Z", "2026-01-31T23:59:59.123Z"),
      ("2026-02-01T01:59:59+02:00", "2026-01-31T23:59:59.000Z"),
      ("2026-01-31T20:29:59-03:30", "2026-01-31T23:59:59.000Z"),
      ("2026-01-31T23:59:59-00:00", "2026-01-31T23:59:59.000Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
      ("2017-01-01T00:59:60.5+01:00", "2017-01-01T00:00:00.000Z"),
    ])
  func forms(text: String, expected: String) {
    #expect(Timestamp(rfc3339: text)?.description == expected)
  }

  @Test(
    "what is no instant is refused",
    arguments: [
      "", "2026", "2026-01-31", "2026-01-31T23:59:59", "2026-01-31 23:59:59Z", "2026-1-31T23:59:59Z",
      "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
      "2026-04-31T00:00:00Z",
      "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-01-31T23:59:61Z", "2026-01-31T12:00:60Z",
      "2026-01-31T23:59:59.Z",
      "2026-01-31T23:59:59+0200", "2026-01-31T23:59:59+24:00", "2026-01-31T23:59:59+02", "2026-01-31T23:59Z",
      "+2026-01-31T23:59:59Z", "-026-01-31T23:59:59Z", "2026-01-31T23:59:59Z ", " 2026-01-31T23:59:59Z",
      "2026-01-31T23:59:5９Z",
      "2026-01-31T23:59:59.00000000000000000000000000000000000000000000000000000000000000000000000Z",
    ])
  func refused(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("earlier instants sort before later ones")
  func order() {
    #expect(Timestamp(unixMs: 1) < Timestamp(unixMs: 2))
    #expect(Timestamp.earliest < Timestamp.latest)
  }
}
