/// A time zone as a TZif file describes it (RFC 9636): offsets from UTC, and when they change.
///
/// Bytes in, offsets out: who reads the file is elsewhere.
public struct TimeZoneFile: Sendable, Equatable {
  /// Why bytes are no time zone.
  public struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was expected.
    public let description: String
  }

  /// When each transition takes place, Unix seconds, in order.
  private let instants: [Int64]
  /// The offset that each one begins, in seconds east of UTC.
  private let offsets: [Int]
  /// The offset before the first transition.
  private let first: Int
  /// What holds after the last transition; nil when the last offset stays.
  private let rule: TimeZoneRule?

  /// UTC.
  public static let utc = TimeZoneFile(instants: [], offsets: [], first: 0, rule: nil)

  private init(instants: [Int64], offsets: [Int], first: Int, rule: TimeZoneRule?) {
    self.instants = instants
    self.offsets = offsets
    self.first = first
    self.rule = rule
  }

  /// The largest file of the zone database is some 4 KB.
  public static let mostBytes = 1 << 16

  /// Reads a file of version 1 to 4; from version 2 on the block of 64-bit times and the rule at the end.
  ///
  /// - Throws: `Malformed`; no bytes make it trap.
  public init(_ bytes: [UInt8]) throws(Malformed) {
    guard bytes.count <= Self.mostBytes else {
      throw Malformed(description: "\(bytes.count) bytes, too many for a zone")
    }
    var reader = Reader(bytes)
    var header = try Header(&reader)
    if header.version >= 2 {
      try reader.skip(header.contentBytes(wide: false))
      header = try Header(&reader)
    }
    let isWide = header.version >= 2
    var instants: [Int64] = []
    for _ in 0..<header.times { instants.append(isWide ? try reader.int64() : Int64(try reader.int32())) }
    guard zip(instants, instants.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw Malformed(description: "transitions are not in order")
    }
    var types: [Int] = []
    for _ in 0..<header.times { types.append(Int(try reader.byte())) }
    var typeOffsets: [Int] = []
    for _ in 0..<header.types {
      let offset = Int(try reader.int32())
      // RFC 9636 allows -25 to +26 hours, exclusive.
      guard (-89_999...93_599).contains(offset) else { throw Malformed(description: "an offset of \(offset) s") }
      typeOffsets.append(offset)
      try reader.skip(2)
    }
    guard let initial = typeOffsets.first, types.allSatisfy({ $0 < typeOffsets.count }) else {
      throw Malformed(description: "a transition to a type that is not there")
    }
    try reader.skip(header.characters + header.leaps * (isWide ? 12 : 8) + header.standards + header.universals)
    self.instants = instants
    offsets = types.map { typeOffsets[$0] }
    first = initial
    let footer = isWide ? try reader.footer() : []
    rule = footer.isEmpty ? nil : try TimeZoneRule(footer)
  }

  /// The offset from UTC at an instant, in seconds east.
  ///
  /// - Complexity: logarithmic in the transitions.
  public func offset(at instant: Int64) -> Int {
    guard let last = instants.last else { return rule?.offset(at: instant) ?? first }
    if instant >= last, let rule { return rule.offset(at: instant) }
    // The number of transitions at or before the instant.
    var (low, high) = (0, instants.count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : offsets[low - 1]
  }

  private struct Header {
    let version: Int
    let universals: Int
    let standards: Int
    let leaps: Int
    let times: Int
    let types: Int
    let characters: Int

    init(_ reader: inout Reader) throws(Malformed) {
      guard try reader.bytes(4) == Array("TZif".utf8) else {
        throw Malformed(description: "it does not begin with TZif")
      }
      let digit = try reader.byte()
      version = digit == 0 ? 1 : Int(digit) - Int(UInt8(ascii: "0"))
      guard (1...9).contains(version) else { throw Malformed(description: "an unknown version") }
      try reader.skip(15)
      universals = try reader.count()
      standards = try reader.count()
      leaps = try reader.count()
      times = try reader.count()
      types = try reader.count()
      characters = try reader.count()
    }

    /// The length of what follows the header.
    func contentBytes(wide: Bool) -> Int {
      times * (wide ? 9 : 5) + types * 6 + characters + leaps * (wide ? 12 : 8) + standards + universals
    }
  }

  private struct Reader {
    private let all: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { all = bytes }

    mutating func bytes(_ count: Int) throws(Malformed) -> [UInt8] {
      guard count >= 0, count <= all.count - position else { throw Malformed(description: "it ends too early") }
      position += count
      return Array(all[(position - count)..<position])
    }

    mutating func skip(_ count: Int) throws(Malformed) { _ = try bytes(count) }

    mutating func byte() throws(Malformed) -> UInt8 { try bytes(1)[0] }

    mutating func int32() throws(Malformed) -> Int32 {
      Int32(bitPattern: try bytes(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    mutating func int64() throws(Malformed) -> Int64 {
      Int64(bitPattern: try bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// A count of the header; no zone has as many as the file has bytes.
    mutating func count() throws(Malformed) -> Int {
      let count = Int(try int32())
      guard (0...all.count).contains(count) else { throw Malformed(description: "a count of \(count)") }
      return count
    }

    /// The text between the two line feeds at the end.
    mutating func footer() throws(Malformed) -> [UInt8] {
      guard try byte() == UInt8(ascii: "\n"), let end = all[position...].firstIndex(of: UInt8(ascii: "\n")) else {
        throw Malformed(description: "it has no last line")
      }
      return Array(all[position..<end])
    }
  }
}
