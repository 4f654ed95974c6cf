import HTTPWire
import JSONWire
import Jobs

/// Reads what a caller wants of a queue.
enum QueuePatch {
  /// The changes of `{"lease_ms"?, "max_attempts"?, "max_depth"?}`; `null` takes a setting back.
  ///
  /// - Throws: 422 `invalid-setting` that names every field at fault.
  static func changes(_ value: JSONValue) throws(Problem) -> [QueueChange] {
    var changes: [QueueChange] = []
    var fields = JSONFieldReader(value)
    func number(_ name: String, in range: ClosedRange<Int64>, _ change: (Int64?) -> QueueChange) {
      guard let value = fields.field(name) else { return }
      if value.isNull {
        changes.append(change(nil))
      } else if let number = value.asWholeNumber, range.contains(number) {
        changes.append(change(number))
      } else {
        fields.mismatch(value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound), or null")
      }
    }
    number("lease_ms", in: QueueSettings.leaseBounds) { .leaseMs($0) }
    let attempts = Int64(JobLimits.attempts.lowerBound)...Int64(JobLimits.attempts.upperBound)
    number("max_attempts", in: attempts) { .maxAttempts($0.map { Int(clamping: $0) }) }
    number("max_depth", in: QueueSettings.depthBounds) { .maxDepth($0) }
    try finish(&fields)
    return changes
  }

  /// The text of `{"reason"?: "..."}`.
  static func reason(_ value: JSONValue) throws(Problem) -> String {
    var fields = JSONFieldReader(value)
    let reason = fields.optionalString("reason", length: 0...500) ?? ""
    try finish(&fields)
    return reason
  }

  private static func finish(_ fields: inout JSONFieldReader) throws(Problem) {
    do throws(JSONProblems) {
      try fields.finish()
    } catch {
      throw Problem(
        .unprocessable, "invalid-setting", "The setting is not valid",
        errors: error.problems.map { FieldProblem($0.pointer, $0.detail) })
    }
  }
}
