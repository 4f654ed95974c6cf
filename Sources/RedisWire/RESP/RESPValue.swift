/// One reply of Redis, or one part of it, as RESP2 or RESP3 writes it.
///
/// A tree of values owns its bytes, so that it outlives the buffer that it was read from.
///
/// - Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
public enum RESPValue: Sendable, Equatable {
  /// `$-1`, `*-1` and `_`: nothing there.
  case null
  /// `+OK`: a short status; bytes that are not UTF-8 are replaced.
  case simple(String)
  /// `$5`: a string of bytes, of any content.
  case bulk([UInt8])
  /// `:42`.
  case integer(Int64)
  /// `#t` and `#f`, RESP3 only.
  case boolean(Bool)
  /// `,3.14`, RESP3 only.
  case double(Double)
  /// `(349…`: an integer of any length as its decimal digits, with a leading minus when it is negative; RESP3 only.
  case bigNumber(String)
  /// `=15`: text with a three letter format, RESP3 only.
  case verbatim(RESPVerbatim)
  /// `-ERR …` and `!21`. Inside an aggregate this is a value among others: only the outermost one fails a command.
  case error(RedisServerError)
  /// `*3`.
  case array([RESPValue])
  /// `~3`, RESP3 only; in the order in which the server wrote it.
  case set([RESPValue])
  /// `>3`, RESP3 only: out of band, belongs to no command.
  case push([RESPValue])
  /// `%2`, RESP3 only.
  case map(RESPMap)
}

extension RESPValue {
  /// Whether nothing is there.
  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The integer, or the one that a string spells in plain decimal (no plus sign, no leading zeros), as hash fields do, or
  /// a double that is one, as RESP3 sends scores.
  public var int: Int64? {
    switch self {
    case .integer(let value): value
    case .double(let value): Int64(exactly: value)
    case .bulk(let bytes): Int64(decimal: bytes.span)
    case .simple(let text): Int64(decimal: Array(text.utf8).span)
    default: nil
    }
  }

  /// The content of a string of any sort.
  public var bytes: [UInt8]? {
    switch self {
    case .bulk(let bytes): bytes
    case .simple(let text), .bigNumber(let text): Array(text.utf8)
    case .verbatim(let text): Array(text.bytes)
    default: nil
    }
  }

  /// The content of a string of any sort, when it is valid UTF-8.
  public var string: String? {
    switch self {
    case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
    case .simple(let text), .bigNumber(let text): text
    case .verbatim(let text): String(validating: text.bytes, as: UTF8.self)
    default: nil
    }
  }

  /// The number as floating point, also from the text that RESP2 sends in its place.
  public var double: Double? {
    switch self {
    case .double(let value): value
    case .integer(let value): Double(value)
    case .bulk, .simple: string.flatMap { Double($0) }
    default: nil
    }
  }

  /// The truth value; RESP2 says it with the integers 0 and 1.
  public var bool: Bool? {
    switch self {
    case .boolean(let value): value
    case .integer(0): false
    case .integer(1): true
    default: nil
    }
  }

  /// The parts of an array, a set or a push message.
  public var elements: [RESPValue]? {
    switch self {
    case .array(let elements), .set(let elements), .push(let elements): elements
    default: nil
    }
  }

  /// The pairs of a map, or of an array of even length, which is how RESP2 sends a map.
  public var pairs: RESPMap? {
    switch self {
    case .map(let map): map
    case .array(let elements): RESPMap(alternating: elements)
    default: nil
    }
  }

  /// The error, when the reply is one.
  public var error: RedisServerError? {
    if case .error(let error) = self { return error }
    return nil
  }
}
