/// When a schedule runs, by the wall clock: five fields as cron(8) has them, or a nickname such as `@daily`.
///
/// Minute, hour, day of the month, month, day of the week (0 or 7 is Sunday); `*`, lists, ranges, steps, and English names
/// of months and days. When both day fields are restricted, a day that fits either one fits, as in Vixie's cron.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
  /// Why a text is no expression.
  public struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which field, and what was expected.
    public let description: String
  }

  /// The text as it was written.
  public let description: String
  /// A set bit for each minute of an hour that fits.
  let minutes: UInt64
  /// The same for hours of a day.
  let hours: UInt64
  /// Days of a month, from bit 1.
  let days: UInt64
  /// Months, from bit 1.
  let months: UInt64
  /// Days of a week, from Sunday, bit 0.
  let weekdays: UInt64
  /// Whether the field is not `*`.
  let restrictsDays: Bool
  let restrictsWeekdays: Bool

  /// Whether every hour fits: such a schedule follows the time that passes and also runs in an hour that comes twice.
  var isHourly: Bool { hours == (1 << 24) - 1 }

  private static let nicknames = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]

  /// Reads an expression.
  ///
  /// - Throws: `Malformed` that names the field.
  public init(_ text: String) throws(Malformed) {
    description = text
    guard text.utf8.count <= 256 else { throw Malformed(description: "expected at most 256 characters") }
    let fields = (Self.nicknames[text] ?? text).split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard fields.count == 5 else {
      throw Malformed(
        description:
          "expected five fields (minute hour day month weekday) or a nickname such as @daily, not \(fields.count) fields"
      )
    }
    minutes = try CronField("minute", 0...59).mask(fields[0])
    hours = try CronField("hour", 0...23).mask(fields[1])
    days = try CronField("day of the month", 1...31).mask(fields[2])
    months = try CronField("month", 1...12, names: CronField.months, firstName: 1).mask(fields[3])
    let week = try CronField("day of the week", 0...7, names: CronField.weekdays, firstName: 0).mask(fields[4])
    weekdays = (week | week >> 7) & 0x7f
    restrictsDays = fields[2] != "*"
    restrictsWeekdays = fields[4] != "*"
    guard hasDay else {
      throw Malformed(description: "day of the month: no month of those has such a day")
    }
  }

  /// Whether a day fits.
  func fits(month: Int64, day: Int64, weekday: Int64) -> Bool {
    guard months >> UInt64(month) & 1 == 1 else { return false }
    let fitsDay = days >> UInt64(day) & 1 == 1
    let fitsWeekday = weekdays >> UInt64(weekday) & 1 == 1
    return restrictsDays && restrictsWeekdays ? fitsDay || fitsWeekday : fitsDay && fitsWeekday
  }

  /// Whether any year has a day that fits: 30 February has none.
  private var hasDay: Bool {
    if restrictsWeekdays { return true }
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as [UInt64]
    return lengths.enumerated().contains { index, length in
      months >> UInt64(index + 1) & 1 == 1 && days & ((1 << (length + 1)) - 2) != 0
    }
  }
}

/// One field of an expression.
private struct CronField {
  static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  private let name: String
  private let range: ClosedRange<Int>
  private let names: [String]
  private let firstName: Int

  init(_ name: String, _ range: ClosedRange<Int>, names: [String] = [], firstName: Int = 0) {
    self.name = name
    self.range = range
    self.names = names
    self.firstName = firstName
  }

  /// A set bit for each value.
  func mask(_ text: String) throws(CronExpression.Malformed) -> UInt64 {
    var mask: UInt64 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: "/", omittingEmptySubsequences: false)
      guard halves.count <= 2, let head = halves.first else { throw malformed(text) }
      var values = range
      var step = 1
      if halves.count == 2 {
        guard let number = Self.number(halves[1]), (1...range.count).contains(number) else { throw malformed(text) }
        step = number
      }
      if head != "*" {
        let ends = head.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let low = try value(ends[0]) else { throw malformed(text) }
        // `5/10` means from 5 on.
        let high = ends.count == 2 ? try value(ends[1]) : halves.count == 2 ? range.upperBound : low
        guard let high, low <= high else { throw malformed(text) }
        values = low...high
      }
      for value in stride(from: values.lowerBound, through: values.upperBound, by: step) { mask |= 1 << UInt64(value) }
    }
    return mask
  }

  private func value(_ text: Substring) throws(CronExpression.Malformed) -> Int? {
    if let index = names.firstIndex(of: text.lowercased()) { return index + firstName }
    guard let number = Self.number(text), range.contains(number) else { return nil }
    return number
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  private func malformed(_ text: String) -> CronExpression.Malformed {
    let known = names.isEmpty ? "" : " or names such as \(names[0])"
    return CronExpression.Malformed(
      description: "\(name): expected *, numbers from \(range.lowerBound) to \(range.upperBound)\(known), "
        + "ranges (1-5), steps (*/2) and lists of them, not \"\(text.prefix(64))\"")
  }
}
