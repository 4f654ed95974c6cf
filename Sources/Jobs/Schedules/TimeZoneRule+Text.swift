extension TimeZoneRule {
  /// Reads the text.
  ///
  /// - Throws: `Malformed` for anything but a whole rule.
  init(_ text: [UInt8]) throws(TimeZoneFile.Malformed) {
    var reader = RuleReader(text)
    try reader.name()
    standard = -(try reader.time(hours: 24))
    guard !reader.isAtEnd else { return }
    try reader.name()
    var offset = standard + 3600
    if !reader.isAt(",") { offset = -(try reader.time(hours: 24)) }
    // Without dates POSIX leaves the choice to the system; files of the zone database always have them.
    try reader.expect(",")
    let begin = try reader.change()
    try reader.expect(",")
    let end = try reader.change()
    guard reader.isAtEnd else { throw reader.malformed }
    summer = (offset, begin, end)
  }
}

/// Reads the parts of a POSIX TZ string.
private struct RuleReader {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { position == text.count }

  var malformed: TimeZoneFile.Malformed {
    TimeZoneFile.Malformed(description: "the rule cannot be read at character \(position + 1)")
  }

  func isAt(_ character: Unicode.Scalar) -> Bool { position < text.count && text[position] == UInt8(ascii: character) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isAt(character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(TimeZoneFile.Malformed) {
    guard take(character) else { throw malformed }
  }

  /// A name of letters, or of anything between angle brackets.
  mutating func name() throws(TimeZoneFile.Malformed) {
    let start = position
    if take("<") {
      while position < text.count, text[position] != UInt8(ascii: ">") { position += 1 }
      try expect(">")
    } else {
      while position < text.count, text[position] | 0x20 >= UInt8(ascii: "a"),
        text[position] | 0x20 <= UInt8(ascii: "z")
      {
        position += 1
      }
    }
    guard position > start else { throw malformed }
  }

  mutating func number(_ range: ClosedRange<Int>) throws(TimeZoneFile.Malformed) -> Int {
    let start = position
    var value = 0
    while position < text.count, position - start < 4, (0x30...0x39).contains(text[position]) {
      value = value * 10 + Int(text[position] - 0x30)
      position += 1
    }
    guard position > start, range.contains(value) else { throw malformed }
    return value
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  mutating func time(hours: Int) throws(TimeZoneFile.Malformed) -> Int {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    var seconds = try number(0...hours) * 3600
    if take(":") { seconds += try number(0...59) * 60 }
    if take(":") { seconds += try number(0...59) }
    return isNegative ? -seconds : seconds
  }

  /// `Jn`, `n` or `Mm.w.d`, and perhaps `/time`.
  mutating func change() throws(TimeZoneFile.Malformed) -> TimeZoneRule.Change {
    let day: TimeZoneRule.Change.Day
    if take("J") {
      day = .julian(try number(1...365))
    } else if take("M") {
      let month = try number(1...12)
      try expect(".")
      let week = try number(1...5)
      try expect(".")
      day = .week(month: month, week: week, weekday: try number(0...6))
    } else {
      day = .ordinal(try number(0...365))
    }
    return TimeZoneRule.Change(day: day, seconds: take("/") ? try time(hours: 167) : 7200)
  }
}
