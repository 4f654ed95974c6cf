/// Instants as RFC 3339 text; inside the program they are Unix milliseconds.
enum Timestamp {
  /// Reads RFC 3339 (section 5.6): date, time, fraction of any length, `Z` or an offset. Digits beyond milliseconds are cut.
  ///
  /// - Returns: nil when the text is anything else, or no date of the calendar. A leap second reads as the next second.
  static func parse(_ text: String) -> Int64? {
    var rest = Array(text.utf8)[...]
    guard let year = number(&rest, 4), skip("-", &rest), let month = number(&rest, 2), skip("-", &rest),
      let day = number(&rest, 2), skip("Tt ", &rest), let hour = number(&rest, 2), skip(":", &rest),
      let minute = number(&rest, 2), skip(":", &rest), let second = number(&rest, 2),
      (1...12).contains(month), day >= 1, day <= length(of: month, year), hour <= 23, minute <= 59, second <= 60
    else { return nil }
    var milliseconds: Int64 = 0
    if skip(".", &rest) {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !digits.isEmpty else { return nil }
      for place in 0..<3 {
        let digit = digits.dropFirst(place).first.map { Int64($0 - UInt8(ascii: "0")) } ?? 0
        milliseconds = milliseconds * 10 + digit
      }
      rest = rest.dropFirst(digits.count)
    }
    guard let offset = offsetMinutes(&rest), rest.isEmpty else { return nil }
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - offset
    return (minutes * 60 + second) * 1000 + milliseconds
  }

  /// Writes RFC 3339 in UTC with milliseconds: `2026-11-23T09:30:00.250Z`. Years outside 0 to 9999 are clamped.
  static func format(_ milliseconds: Int64) -> String {
    let earliest: Int64 = -62_167_219_200_000
    let latest: Int64 = 253_402_300_799_999
    let clamped = min(max(milliseconds, earliest), latest)
    let day = clamped >= 0 ? clamped / 86_400_000 : (clamped - 86_399_999) / 86_400_000
    let inDay = clamped - day * 86_400_000
    let date = civil(day)
    let seconds = inDay / 1000
    return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T"
      + "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2)).\(pad(inDay % 1000, 3))Z"
  }

  private static func offsetMinutes(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    if skip("Zz", &rest) { return 0 }
    let sign: Int64
    if skip("+", &rest) { sign = 1 } else if skip("-", &rest) { sign = -1 } else { return nil }
    guard let hours = number(&rest, 2), skip(":", &rest), let minutes = number(&rest, 2), hours <= 23, minutes <= 59
    else { return nil }
    return sign * (hours * 60 + minutes)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, _ digits: Int) -> Int64? {
    guard rest.count >= digits else { return nil }
    var value: Int64 = 0
    for byte in rest.prefix(digits) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    rest = rest.dropFirst(digits)
    return value
  }

  private static func skip(_ allowed: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let byte = rest.first, allowed.utf8.contains(byte) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func length(of month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 of a date of the Gregorian calendar, counted in eras of 400 years that begin in March.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }
}
