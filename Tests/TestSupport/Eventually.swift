/// Waits until `condition` holds, looking again every few milliseconds; for end-to-end tests, where the other process
/// gives no event to wait for.
///
/// - Parameters:
///   - limit: how long to go on looking.
///   - description: what is awaited; it is in the failure.
///   - condition: read again each time; an error that it throws counts as "not yet" and is in the failure.
/// - Throws: when `limit` passes.
nonisolated(nonsending) public func eventually(
  within limit: Duration = .seconds(15), _ description: String, file: StaticString = #fileID, line: UInt = #line,
  _ condition: () async throws -> Bool
) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now.advanced(by: limit)
  var lastError: (any Error)?
  var pause = Duration.milliseconds(2)
  while true {
    do {
      if try await condition() { return }
      lastError = nil
    } catch {
      lastError = error
    }
    guard clock.now < deadline else {
      let cause = lastError.map { "; last error: \($0)" } ?? ""
      throw SupportError("\(file):\(line): not within \(limit): \(description)\(cause)")
    }
    try await Task.sleep(for: pause)
    pause = min(pause * 2, .milliseconds(50))
  }
}

/// As `eventually`, for a value: waits until `value` returns one, and hands it on.
nonisolated(nonsending) public func eventually<Value>(
  within limit: Duration = .seconds(15), _ description: String, file: StaticString = #fileID, line: UInt = #line,
  value: () async throws -> Value?
) async throws -> Value {
  var found: Value?
  try await eventually(within: limit, description, file: file, line: line) {
    found = try await value()
    return found != nil
  }
  guard let found else { throw SupportError("\(file):\(line): \(description)") }
  return found
}
