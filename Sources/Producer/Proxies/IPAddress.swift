/// An IPv4 or IPv6 address as 128 bits; IPv4 lies in `::ffff:0:0/96`, where sockets that take both have it too.
struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  let high: UInt64
  let low: UInt64

  /// Whether it is one of IPv4.
  var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// `192.0.2.1`, or eight groups of hexadecimal digits.
  var description: String {
    guard !isIPv4 else {
      return [24, 16, 8, 0].map { String((low >> UInt64($0)) & 255) }.joined(separator: ".")
    }
    return [high, low].flatMap { half in [48, 32, 16, 0].map { String((half >> UInt64($0)) & 0xFFFF, radix: 16) } }
      .joined(separator: ":")
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads an address; nil for any other text, such as one with a port, a zone, a name or a number with zeros in front.
  ///
  /// Source: RFC 4291 section 2.2; dotted quads as RFC 3986 section 3.2.2 has them.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard (2...45).contains(bytes.count) else { return nil }
    if !bytes.contains(UInt8(ascii: ":")) {
      guard let quad = Self.quad(bytes[...]) else { return nil }
      self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(quad))
      return
    }
    guard let groups = Self.groups(bytes[...]) else { return nil }
    self.init(
      high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }, low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) })
  }

  /// Eight groups, with those that `::` stands for.
  private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
    let colon = UInt8(ascii: ":")
    let gap = bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
    guard let gap else {
      let all = list(bytes, mayEndInQuad: true)
      return all?.count == 8 ? all : nil
    }
    guard let head = list(bytes[..<gap], mayEndInQuad: false), let tail = list(bytes[(gap + 2)...], mayEndInQuad: true),
      head.count + tail.count < 8
    else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  /// Groups between single colons; none for no text.
  private static func list(_ bytes: ArraySlice<UInt8>, mayEndInQuad: Bool) -> [UInt16]? {
    if bytes.isEmpty { return [] }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if mayEndInQuad, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let quad = quad(part) else { return nil }
        groups += [UInt16(quad >> 16), UInt16(quad & 0xFFFF)]
      } else {
        guard let group = group(part) else { return nil }
        groups.append(group)
      }
    }
    return groups.count <= 8 ? groups : nil
  }

  /// One to four hexadecimal digits.
  private static func group(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard (1...4).contains(digits.count) else { return nil }
    var value: UInt16 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(digit - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(digit - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return value
  }

  /// Four decimal numbers up to 255, without zeros in front, which some readers take for octal.
  private static func quad(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.first != UInt8(ascii: "0") || part.count == 1,
        part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      else { return nil }
      let number = part.reduce(0 as UInt32) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) }
      guard number <= 255 else { return nil }
      value = value << 8 | number
    }
    return value
  }

  /// The address with all bits behind the first `length` cleared.
  func prefix(_ length: Int) -> IPAddress {
    let kept = min(max(length, 0), 128)
    func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : .max << UInt64(64 - bits) }
    return IPAddress(high: high & mask(kept), low: low & mask(kept - 64))
  }
}
