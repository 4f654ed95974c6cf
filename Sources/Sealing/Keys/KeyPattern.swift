/// Patterns that random bytes do not show: a key with one was typed, not drawn.
enum KeyPattern {
  /// What is wrong with `bytes`, or nil. A key drawn at random is refused less than once in 10^7, and only in raw
  /// form of hexadecimal digits; in other forms never in practice.
  static func first(in bytes: Span<UInt8>) -> String? {
    if steps(in: bytes) { return "it repeats or counts up or down" }
    if let period = (1...bytes.count / 2).first(where: { repeats(bytes, every: $0) }) {
      return "it repeats every \(period) bytes"
    }
    if distinct(in: bytes) < 8 { return "it has fewer than 8 different bytes" }
    return nil
  }

  /// Whether most neighbours differ by the same amount: `aaaa`, `0123`, `zyxw`.
  private static func steps(in bytes: Span<UInt8>) -> Bool {
    var counts = [Int](repeating: 0, count: 256)
    for index in 1..<bytes.count { counts[Int(bytes[index] &- bytes[index - 1])] += 1 }
    return (counts.max() ?? 0) * 4 >= (bytes.count - 1) * 3
  }

  private static func repeats(_ bytes: Span<UInt8>, every period: Int) -> Bool {
    (period..<bytes.count).allSatisfy { bytes[$0] == bytes[$0 - period] }
  }

  private static func distinct(in bytes: Span<UInt8>) -> Int {
    var seen = [Bool](repeating: false, count: 256)
    for index in bytes.indices { seen[Int(bytes[index])] = true }
    return seen.count { $0 }
  }
}
