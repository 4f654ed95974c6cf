/// An aggregate whose values are still coming.
struct RESPAggregate {
  enum Kind {
    case array, set, push, map
    /// Says something about the value that follows it; it is read and dropped.
    case attribute

    /// Whether the count on the wire counts pairs.
    var isPaired: Bool { self == .map || self == .attribute }
  }

  let kind: Kind
  /// How many values are still to come.
  private(set) var missing: Int
  var values: [RESPValue] = []

  init(kind: Kind, missing: Int) {
    self.kind = kind
    self.missing = missing
  }

  @inline(__always)
  mutating func append(_ value: consuming RESPValue) {
    values.append(value)
    missing &-= 1
  }

  /// The finished value, or nil for an attribute.
  consuming func finish() -> RESPValue? {
    switch kind {
    case .array: .array(values)
    case .set: .set(values)
    case .push: .push(values)
    case .map: RESPMap(alternating: values).map { .map($0) }
    case .attribute: nil
    }
  }
}
