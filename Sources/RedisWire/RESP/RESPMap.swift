/// Keys and values in the order in which the server wrote them; a key may come twice.
public struct RESPMap: Sendable, Equatable {
  /// A key, its value, the next key, and so on: an even number of values, as they lie on the wire.
  private let alternating: [RESPValue]

  /// Takes a flat row of keys and values, or answers nil when a key has no value.
  public init?(alternating: [RESPValue]) {
    guard alternating.count.isMultiple(of: 2) else { return nil }
    self.alternating = alternating
  }

  /// How many pairs there are.
  public var count: Int { alternating.count / 2 }

  /// Whether there is no pair.
  public var isEmpty: Bool { alternating.isEmpty }

  /// The value of the first key that is this text, or nil.
  ///
  /// - Complexity: O(n); for more than a few look-ups in a large map go through the pairs once.
  public subscript(_ key: String) -> RESPValue? {
    for (name, value) in self where name.reads(key) {
      return value
    }
    return nil
  }
}

extension RESPMap: RandomAccessCollection {
  /// The place of the first pair.
  public var startIndex: Int { 0 }

  /// One past the last pair.
  public var endIndex: Int { count }

  /// The pair at a place.
  public subscript(_ position: Int) -> (key: RESPValue, value: RESPValue) {
    (alternating[2 * position], alternating[2 * position + 1])
  }
}

extension RESPValue {
  /// Whether this is a string with exactly the bytes of `text`; nothing is copied.
  public func reads(_ text: String) -> Bool {
    switch self {
    case .bulk(let bytes): bytes.elementsEqual(text.utf8)
    case .simple(let other): other == text
    default: false
    }
  }
}
