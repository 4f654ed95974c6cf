/// An instant with millisecond precision, and its text by RFC 3339.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let unixMs: Int64

  /// The first instant that RFC 3339 can write: 0000-01-01T00:00:00.000Z.
  public static let earliest = Timestamp(unixMs: -62_167_219_200_000)
  /// The last one: 9999-12-31T23:59:59.999Z.
  public static let latest = Timestamp(unixMs: 253_402_300_799_999)

  /// An instant from Unix milliseconds.
  public init(unixMs: Int64) { self.unixMs = unixMs }

  /// Whether `a` comes before `b`.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.unixMs < b.unixMs }

  /// The instant in UTC, as `2026-01-31T23:59:59.123Z`.
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the 24 bytes of `description`. An instant outside the years 0 to 9999 is written as the nearest in them.
  public func append(to bytes: inout [UInt8]) {
    let clamped = min(max(unixMs, Timestamp.earliest.unixMs), Timestamp.latest.unixMs)
    let millisecondsOfDay = Timestamp.modulo(clamped, 86_400_000)
    let date = CivilDate(daysSince1970: (clamped - millisecondsOfDay) / 86_400_000)
    Timestamp.append(date.year, digits: 4, "-", to: &bytes)
    Timestamp.append(date.month, digits: 2, "-", to: &bytes)
    Timestamp.append(date.day, digits: 2, "T", to: &bytes)
    Timestamp.append(millisecondsOfDay / 3_600_000, digits: 2, ":", to: &bytes)
    Timestamp.append(millisecondsOfDay / 60_000 % 60, digits: 2, ":", to: &bytes)
    Timestamp.append(millisecondsOfDay / 1000 % 60, digits: 2, ".", to: &bytes)
    Timestamp.append(millisecondsOfDay % 1000, digits: 3, "Z", to: &bytes)
  }

  /// Reads RFC 3339: `2026-01-31T23:59:59Z`, with any fraction (cut to milliseconds) and any offset.
  ///
  /// Returns nil when the text is anything else: a date that the calendar has not, no offset, a space for the T. Second 60 is
  /// taken at 23:59 UTC only and means the second that follows.
  public init?(rfc3339 text: String) {
    var reader = DigitReader(bytes: Array(text.utf8.prefix(64)))
    guard text.utf8.count <= 64,
      let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2), reader.take("-"),
      let day = reader.number(digits: 2), reader.take("T") || reader.take("t"),
      let hour = reader.number(digits: 2), reader.take(":"), let minute = reader.number(digits: 2), reader.take(":"),
      let second = reader.number(digits: 2), let fraction = reader.fraction(), let offset = reader.offset(),
      reader.isAtEnd,
      hour <= 23, minute <= 59, second <= 60,
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let minutes = date.daysSince1970 * 1440 + hour * 60 + minute - offset
    if second == 60, Timestamp.modulo(minutes, 1440) != 1439 { return nil }
    unixMs = (minutes * 60 + second) * 1000 + (second == 60 ? 0 : fraction)
  }

  private static func append(_ value: Int64, digits: Int, _ end: Unicode.Scalar, to bytes: inout [UInt8]) {
    var divisor: Int64 = digits == 4 ? 1000 : digits == 3 ? 100 : 10
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
    bytes.append(UInt8(ascii: end))
  }

  private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}

/// Reads the fixed pieces of a timestamp.
private struct DigitReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  mutating func number(digits: Int) -> Int64? {
    guard bytes.count - position >= digits else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + digits] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    position += digits
    return value
  }

  /// Milliseconds; 0 when there is no fraction, nil when there is a point without digits.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    var milliseconds: Int64 = 0
    var weight: Int64 = 100
    let start = position
    while let digit = number(digits: 1) {
      milliseconds += digit * weight
      weight /= 10
    }
    return position > start ? milliseconds : nil
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = number(digits: 2), take(":"), let minutes = number(digits: 2), hours <= 23, minutes <= 59 else {
      return nil
    }
    return sign * (hours * 60 + minutes)
  }
}
