extension ConfigurationReader {
  /// A text that is not empty.
  public mutating func string(_ name: String, _ meaning: String, default standard: String) -> String {
    read(name, meaning, standard: standard, expected: "a text that is not empty") { $0.isEmpty ? nil : $0 } ?? standard
  }

  /// A text; nil when it is not set.
  public mutating func optionalString(_ name: String, _ meaning: String) -> String? {
    read(name, meaning, standard: nil, expected: "a text that is not empty") { $0.isEmpty ? nil : $0 }
  }

  /// A whole number within `range`.
  public mutating func int(
    _ name: String, _ meaning: String, default standard: Int, in range: ClosedRange<Int>
  ) -> Int {
    optionalInt(name, meaning, default: standard, in: range) ?? standard
  }

  /// A whole number within `range`; nil when it is not set and has no default.
  public mutating func optionalInt(
    _ name: String, _ meaning: String, default standard: Int? = nil, in range: ClosedRange<Int>
  ) -> Int? {
    let expected = "a whole number, \(range.lowerBound) to \(range.upperBound)"
    return read(name, meaning, standard: standard.map(String.init), expected: expected) { text in
      WholeNumber.parse(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A whole number within `range`; nil when it is `off`.
  public mutating func intOrOff(
    _ name: String, _ meaning: String, default standard: Int?, in range: ClosedRange<Int>
  ) -> Int? {
    let expected = "a whole number, \(range.lowerBound) to \(range.upperBound), or off"
    let value: Int?? = read(name, meaning, standard: standard.map(String.init) ?? "off", expected: expected) { text in
      if text == "off" { return .some(nil) }
      guard let number = WholeNumber.parse(text), range.contains(number) else { return nil }
      return .some(number)
    }
    return value ?? standard
  }

  /// `true`, `yes`, `1`, `on`, or `false`, `no`, `0`, `off`; the flag alone means true.
  public mutating func bool(_ name: String, _ meaning: String, default standard: Bool) -> Bool {
    read(
      name, meaning, standard: String(standard), expected: BooleanWord.expected, isBoolean: true,
      parse: BooleanWord.parse) ?? standard
  }

  /// A duration with its unit (`15s`), within `range`.
  public mutating func duration(
    _ name: String, _ meaning: String, default standard: Duration,
    in range: ClosedRange<Duration> = .zero...DurationText.longest
  ) -> Duration {
    let text = DurationText.text(standard)
    return read(name, meaning, standard: text, expected: ConfigurationReader.expected(range)) { text in
      DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil }
    } ?? standard
  }

  /// A duration; nil when it is not set.
  public mutating func optionalDuration(
    _ name: String, _ meaning: String, in range: ClosedRange<Duration> = .zero...DurationText.longest
  ) -> Duration? {
    read(name, meaning, standard: nil, expected: ConfigurationReader.expected(range)) { text in
      DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number of bytes (`1MiB`), within `range`.
  public mutating func byteSize(
    _ name: String, _ meaning: String, default standard: Int, in range: ClosedRange<Int> = 0...Int.max
  ) -> Int {
    let text = ByteSizeText.text(standard)
    return read(name, meaning, standard: text, expected: ConfigurationReader.expected(bytes: range)) { text in
      ByteSizeText.parse(text).flatMap { range.contains($0) ? $0 : nil }
    } ?? standard
  }

  /// A number of bytes; nil when it is not set.
  public mutating func optionalByteSize(
    _ name: String, _ meaning: String, in range: ClosedRange<Int> = 0...Int.max
  ) -> Int? {
    read(name, meaning, standard: nil, expected: ConfigurationReader.expected(bytes: range)) { text in
      ByteSizeText.parse(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// One word of a closed list.
  ///
  /// - Parameter alias: another variable that is read when this one is not set.
  public mutating func oneOf(
    _ name: String, _ meaning: String, default standard: String, _ words: [String], alias: String? = nil
  ) -> String {
    let expected = "one of " + words.joined(separator: ", ")
    return read(name, meaning, standard: standard, expected: expected, alias: alias) { text in
      words.contains(text) ? text : nil
    } ?? standard
  }

  /// One case of an enumeration, by its raw value.
  public mutating func oneOf<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ meaning: String, default standard: Choice, alias: String? = nil
  ) -> Choice {
    let word = oneOf(
      name, meaning, default: standard.rawValue, Choice.allCases.map(\.rawValue), alias: alias)
    return Choice(rawValue: word) ?? standard
  }

  /// Texts with commas between them; blanks around them do not count, and none may be empty.
  public mutating func list(_ name: String, _ meaning: String, default standard: [String]) -> [String] {
    let expected = "a list with commas, without empty entries"
    let text = standard.joined(separator: ",")
    return read(name, meaning, standard: text.isEmpty ? nil : text, expected: expected) { text in
      let entries = text.split(separator: ",", omittingEmptySubsequences: false).map { entry in
        String(entry.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      return entries.contains("") ? nil : entries
    } ?? standard
  }

  /// A rate (`100/60s`); nil when it is `off`.
  public mutating func rateOrOff(_ name: String, _ meaning: String, default standard: Rate? = nil) -> Rate? {
    let value: Rate?? = read(name, meaning, standard: standard?.description ?? "off", expected: Rate.expected) { text in
      if text == "off" { return .some(nil) }
      guard let rate = Rate(text) else { return nil }
      return .some(rate)
    }
    return value ?? standard
  }

  /// The path of a file that can be read; nil when it is not set.
  public mutating func file(_ name: String, _ meaning: String) -> String? {
    let readFile = readFile
    return read(name, meaning, standard: nil, expected: "the path of a file that can be read") { path in
      do { _ = try readFile(path) } catch { return nil }
      return path
    }
  }

  /// A URL, whose user, password and query are never shown.
  ///
  /// - Parameter parse: the value of a text, or nil when it is not valid.
  public mutating func url<Value>(
    _ name: String, _ meaning: String, default standard: String?, expected: String, parse: (String) -> Value?
  ) -> Value? {
    read(name, meaning, standard: standard, expected: expected, show: Setting.withoutCredentials, parse: parse)
  }

  /// A value of any other form.
  ///
  /// - Parameter parse: the value of a text, or nil when it is not valid; it must accept the default.
  public mutating func value<Value>(
    _ name: String, _ meaning: String, default standard: String?, expected: String, parse: (String) -> Value?
  ) -> Value? {
    read(name, meaning, standard: standard, expected: expected, parse: parse)
  }

  private static func expected(_ range: ClosedRange<Duration>) -> String {
    if range == .zero...DurationText.longest { return DurationText.expected }
    let bounds = "\(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
    return "\(DurationText.expected), \(bounds)"
  }

  private static func expected(bytes range: ClosedRange<Int>) -> String {
    if range == 0...Int.max { return ByteSizeText.expected }
    return "\(ByteSizeText.expected), \(ByteSizeText.text(range.lowerBound)) to \(ByteSizeText.text(range.upperBound))"
  }
}

/// Whole numbers in settings: digits with or without a minus, nothing else.
enum WholeNumber {
  static func parse(_ text: String) -> Int? {
    guard !text.hasPrefix("+") else { return nil }
    return Int(text)
  }
}

/// The words for true and false in settings.
enum BooleanWord {
  static let expected = "true or false"

  static func parse(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "1", "on": true
    case "false", "no", "0", "off": false
    default: nil
    }
  }
}
