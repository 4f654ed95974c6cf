internal import JSONWire
internal import Service

extension JSONFieldReader {
  /// A duration within `range`, in milliseconds; nil when absent, `null` or wrong.
  mutating func duration(_ name: String, in range: ClosedRange<Int64>, required: Bool = false) -> Int64? {
    guard let value = required ? self.value(name) : optionalValue(name) else { return nil }
    if required, value.isNull {
      // Absent is recorded already; a null that was sent is not.
      if object[name] != nil { mismatch(value, expected: Self.expected) }
      return nil
    }
    guard let duration = value.asString.flatMap({ DurationText.parse($0) }) else {
      mismatch(value, expected: Self.expected)
      return nil
    }
    guard (Duration.milliseconds(range.lowerBound)...Duration.milliseconds(range.upperBound)).contains(duration) else {
      let bounds = [range.lowerBound, range.upperBound].map { DurationText.text(.milliseconds($0)) }
      mismatch(value, expected: "a duration of \(bounds[0]) to \(bounds[1])")
      return nil
    }
    return duration.wholeMilliseconds
  }

  private static let expected = "a duration: " + DurationText.expected
}
