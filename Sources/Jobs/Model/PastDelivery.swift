/// A delivery that is over and brought no result, as a line of the field `history` tells it.
public struct PastDelivery: Sendable, Equatable {
  /// The delivery's number, the number half of its token.
  public let number: Int64
  /// How it ended.
  public let outcome: Outcome
  /// When it was claimed, Unix ms of Redis; nil when that is not known.
  public let startedMs: Int64?
  /// When it ended, Unix ms of Redis.
  public let endedMs: Int64?
  /// Who had it.
  public let worker: String?
  /// The first line of what went wrong, at most 160 bytes.
  public let error: String?

  /// Reads the lines of a field; those that are none, as somebody spoilt them, are left out.
  ///
  /// - Complexity: O(bytes).
  static func list(_ bytes: [UInt8]) -> [PastDelivery] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { PastDelivery(line: $0) }
  }

  /// Reads `number outcome started_ms ended_ms worker|- error`.
  private init?(line: ArraySlice<UInt8>) {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 5, let number = Self.number(words[0]), let outcome = Outcome(rawValue: words[1]) else {
      return nil
    }
    self.number = number
    self.outcome = outcome
    startedMs = Self.number(words[2])
    endedMs = Self.number(words[3])
    worker = ["", "-"].contains(words[4]) ? nil : words[4]
    error = words.count > 5 && !words[5].isEmpty ? words[5] : nil
  }

  /// A number as the scripts write one: above 0, exact in a double.
  private static func number(_ word: String) -> Int64? { Int64(word).flatMap { (1..<1 << 53).contains($0) ? $0 : nil } }
}
