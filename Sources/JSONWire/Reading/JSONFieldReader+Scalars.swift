extension JSONFieldReader {
  /// A required string whose UTF-8 has a length within `length`; `""` after a problem.
  public mutating func string(_ name: String, length: ClosedRange<Int> = 0...Int.max) -> String {
    checkedString(required(name), length) ?? ""
  }

  /// A string whose UTF-8 has a length within `length`; nil when absent, `null` or wrong.
  public mutating func optionalString(_ name: String, length: ClosedRange<Int> = 0...Int.max) -> String? {
    checkedString(optionalValue(name), length)
  }

  /// A required string out of a closed list; `""` after a problem.
  public mutating func oneOf(_ name: String, _ allowed: [String]) -> String {
    checkedChoice(required(name), allowed) ?? ""
  }

  /// A string out of a closed list; nil when absent, `null` or wrong.
  public mutating func optionalOneOf(_ name: String, _ allowed: [String]) -> String? {
    checkedChoice(optionalValue(name), allowed)
  }

  /// A required integer within `range`; 0 after a problem.
  public mutating func int(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int {
    checkedInt(required(name), range) ?? 0
  }

  /// An integer within `range`; nil when absent, `null` or wrong.
  public mutating func optionalInt(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
    checkedInt(optionalValue(name), range)
  }

  /// A required number within `range`; 0 after a problem.
  public mutating func double(_ name: String, in range: ClosedRange<Double>) -> Double {
    checkedDouble(required(name), range) ?? 0
  }

  /// A number within `range`; nil when absent, `null` or wrong.
  public mutating func optionalDouble(_ name: String, in range: ClosedRange<Double>) -> Double? {
    checkedDouble(optionalValue(name), range)
  }

  /// A required boolean; false after a problem.
  public mutating func bool(_ name: String) -> Bool {
    checkedBool(required(name)) ?? false
  }

  /// A boolean; nil when absent, `null` or wrong.
  public mutating func optionalBool(_ name: String) -> Bool? {
    checkedBool(optionalValue(name))
  }

  /// A required array whose length is within `count`; empty after a problem. The caller checks the elements and calls
  /// `mismatch` or `reject` for those that do not fit.
  public mutating func array(_ name: String, count: ClosedRange<Int> = 0...Int.max) -> [JSONValue] {
    checkedArray(required(name), count) ?? []
  }

  /// An array whose length is within `count`; nil when absent, `null` or wrong.
  public mutating func optionalArray(_ name: String, count: ClosedRange<Int> = 0...Int.max) -> [JSONValue]? {
    checkedArray(optionalValue(name), count)
  }

  /// An array of strings, its length within `count`, each one's UTF-8 within `length`; nil when absent, `null` or no array.
  public mutating func optionalStrings(
    _ name: String, count: ClosedRange<Int> = 0...Int.max, length: ClosedRange<Int> = 0...Int.max
  ) -> [String]? {
    guard let elements = checkedArray(optionalValue(name), count) else { return nil }
    var strings: [String] = []
    for element in elements {
      if let string = checkedString(element, length) { strings.append(string) }
    }
    return strings
  }

  /// A required array of strings; empty after a problem.
  public mutating func strings(
    _ name: String, count: ClosedRange<Int> = 0...Int.max, length: ClosedRange<Int> = 0...Int.max
  ) -> [String] {
    var strings: [String] = []
    for element in checkedArray(required(name), count) ?? [] {
      if let string = checkedString(element, length) { strings.append(string) }
    }
    return strings
  }

  private mutating func checkedString(_ value: JSONValue?, _ length: ClosedRange<Int>) -> String? {
    guard let value else { return nil }
    guard let string = value.asString else {
      mismatch(value, expected: "a string")
      return nil
    }
    guard length.contains(string.utf8.count) else {
      mismatch(value, expected: "a string of \(JSONFieldReader.words(length)) bytes")
      return nil
    }
    return string
  }

  private mutating func checkedChoice(_ value: JSONValue?, _ allowed: [String]) -> String? {
    guard let value else { return nil }
    if let choice = allowed.first(where: { value.isString($0) }) { return choice }
    mismatch(value, expected: "one of " + allowed.map { "\"\($0)\"" }.joined(separator: ", "))
    return nil
  }

  private mutating func checkedInt(_ value: JSONValue?, _ range: ClosedRange<Int>) -> Int? {
    guard let value else { return nil }
    guard value.kind == .number else {
      mismatch(value, expected: "an integer")
      return nil
    }
    guard let number = value.asWholeNumber.flatMap(Int.init(exactly:)), range.contains(number) else {
      mismatch(value, expected: "an integer, \(JSONFieldReader.words(range))")
      return nil
    }
    return number
  }

  private mutating func checkedDouble(_ value: JSONValue?, _ range: ClosedRange<Double>) -> Double? {
    guard let value else { return nil }
    guard let number = value.asDouble, range.contains(number) else {
      mismatch(value, expected: "a number, \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  private mutating func checkedBool(_ value: JSONValue?) -> Bool? {
    guard let value else { return nil }
    guard let bool = value.asBool else {
      mismatch(value, expected: "true or false")
      return nil
    }
    return bool
  }

  private mutating func checkedArray(_ value: JSONValue?, _ count: ClosedRange<Int>) -> [JSONValue]? {
    guard let value else { return nil }
    guard value.kind == .array else {
      mismatch(value, expected: "an array")
      return nil
    }
    let elements = Array(value.elements)
    guard count.contains(elements.count) else {
      mismatch(value, expected: "an array of \(JSONFieldReader.words(count)) elements")
      return nil
    }
    return elements
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): "of 64 bits"
    case (let low, Int.max): "at least \(low)"
    case (Int.min, let high): "at most \(high)"
    case (let low, let high) where low == high: "exactly \(low)"
    case (let low, let high): "\(low) to \(high)"
    }
  }
}

extension JSONValue {
  /// Type and size in words, never the content: "a string of 12 bytes", "an array of 3 elements", "null".
  public var summary: String {
    switch kind {
    case .object: "an object of \(count) members"
    case .array: "an array of \(count) elements"
    case .string: "a string of \(asStringBytes?.count ?? 0) bytes"
    case .number: isInteger ? "an integer of \(range.count) bytes" : "a number of \(range.count) bytes"
    case .boolean: "a boolean"
    case .null: "null"
    }
  }
}
