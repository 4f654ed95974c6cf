/// Finds earlier occurrences of what stands at a place, for deflate: 3 to 258 bytes long, at most 32 KiB back.
struct MatchFinder {
  /// The shortest that deflate can tell.
  static let shortest = 3
  /// The longest that deflate can tell.
  static let longest = 258
  /// How far back deflate can point.
  static let window = 32_768
  /// Candidates that are tried at a place, so that a text of one byte costs no square of its length.
  private static let mostTried = 64
  private static let hashBits = 14

  private let bytes: [UInt8]
  /// The latest place with each hash of three bytes, and for each place the one before with the same hash; -1 for none.
  private var latest = [Int32](repeating: -1, count: 1 << hashBits)
  private var earlier: [Int32]

  /// Takes the text, at most 2 GiB of it.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    earlier = [Int32](repeating: -1, count: bytes.count)
  }

  /// Makes the place known to later ones; each is to be entered once, in order.
  mutating func enter(_ position: Int) {
    guard let hash = hash(position) else { return }
    earlier[position] = latest[hash]
    latest[hash] = Int32(truncatingIfNeeded: position)
  }

  /// The longest occurrence before `position`, nil when there is none worth telling.
  func match(at position: Int) -> (length: Int, distance: Int)? {
    guard let hash = hash(position) else { return nil }
    let most = min(Self.longest, bytes.count - position)
    var best = (length: Self.shortest - 1, distance: 0)
    var candidate = Int(latest[hash])
    var tries = 0
    while candidate >= 0, position - candidate <= Self.window, tries < Self.mostTried {
      tries += 1
      // Only what agrees one byte further than the best can beat it.
      if best.length < most, bytes[candidate + best.length] == bytes[position + best.length] {
        var length = 0
        while length < most, bytes[candidate + length] == bytes[position + length] { length += 1 }
        if length > best.length { best = (length, position - candidate) }
      }
      candidate = Int(earlier[candidate])
    }
    return best.distance > 0 ? best : nil
  }

  private func hash(_ position: Int) -> Int? {
    guard position + Self.shortest <= bytes.count else { return nil }
    let word = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
    return Int((word &* 0x9E37_79B1) >> UInt32(32 - Self.hashBits))
  }
}
