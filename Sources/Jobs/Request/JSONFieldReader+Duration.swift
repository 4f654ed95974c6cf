internal import JSONWire

extension JSONFieldReader {
  /// A duration within `range`, in milliseconds; nil when absent, `null` or wrong.
  mutating func duration(_ name: String, in range: ClosedRange<Int64>, required: Bool = false) -> Int64? {
    guard let value = required ? self.value(name) : optionalValue(name) else { return nil }
    if required, value.isNull {
      // Absent is recorded already; a null that was sent is not.
      if object[name] != nil { mismatch(value, expected: DurationText.expected) }
      return nil
    }
    guard let milliseconds = value.asString.flatMap({ DurationText.parse($0) }) else {
      mismatch(value, expected: DurationText.expected)
      return nil
    }
    guard range.contains(milliseconds) else {
      let bounds = "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
      mismatch(value, expected: "a duration of \(bounds)")
      return nil
    }
    return milliseconds
  }
}
