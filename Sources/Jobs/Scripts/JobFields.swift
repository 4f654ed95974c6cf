internal import RedisWire

/// Fields and values of a job's hash, on their way into a script.
struct JobFields: Sendable, Equatable {
  private(set) var pairs: [(name: StaticString, value: [UInt8])] = []

  mutating func set(_ name: StaticString, _ value: [UInt8]) { pairs.append((name, value)) }
  mutating func set(_ name: StaticString, _ value: String) { pairs.append((name, Array(value.utf8))) }
  mutating func set(_ name: StaticString, _ value: Int64) { set(name, String(value)) }

  /// Appends the number of pairs and the pairs.
  func append(to command: inout RedisCommand) {
    command.append(pairs.count)
    for (name, value) in pairs {
      command.append(name)
      command.append(value)
    }
  }

  static func == (left: JobFields, right: JobFields) -> Bool {
    left.pairs.elementsEqual(right.pairs) { "\($0.name)" == "\($1.name)" && $0.value == $1.value }
  }
}
