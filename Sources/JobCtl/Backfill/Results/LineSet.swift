/// A set of line numbers, a bit each in words of 64.
struct LineSet {
  private var words: [Int: UInt64] = [:]

  /// Adds a number of 0 or more.
  mutating func insert(_ line: Int) { words[line >> 6, default: 0] |= 1 << UInt64(line & 63) }

  func contains(_ line: Int) -> Bool { words[line >> 6, default: 0] & 1 << UInt64(line & 63) != 0 }
}
