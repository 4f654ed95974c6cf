/// Bytes that are not RESP, or a reply beyond its limits.
///
/// After one the stream has no next reply to find, so that the connection must be closed.
public struct RESPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was wrong.
  public enum Reason: Sendable, Equatable {
    /// A byte that begins no type.
    case unknownType
    /// Something that is no integer where one must be, or one beyond 64 bits.
    case integer
    /// Something that is no floating point number.
    case double
    /// Something other than `t` or `f`.
    case boolean
    /// A big number with something other than digits.
    case bigNumber
    /// A null with content.
    case null
    /// A negative length other than -1, or -1 where nothing can be null.
    case length
    /// A line or string that does not end in CR LF.
    case lineEnd
    /// Verbatim text without its format.
    case verbatim
    /// A push message inside another value.
    case misplaced
    /// A streamed string or aggregate (`$?`, `*?`), which no Redis server sends.
    case streamed
    /// More levels than allowed.
    case depthLimit(Int)
    /// More values than allowed.
    case elementLimit(Int)
    /// A longer string than allowed.
    case bulkLimit(Int)
    /// A longer reply or line than allowed.
    case replyLimit(Int)
    /// What another reader said, which gives no more than a sentence.
    case other(String)
  }

  /// What was wrong.
  public let reason: Reason
  /// The byte at the place, where one byte is to blame.
  public let byte: UInt8?
  /// The place in the bytes received since the connection was opened.
  public let offset: Int

  /// A stable name for logs and metrics.
  public var code: String {
    switch reason {
    case .depthLimit, .elementLimit, .bulkLimit, .replyLimit: "resp_limit"
    default: "resp_syntax"
    }
  }

  /// What happened, and where.
  public var description: String {
    let place = byte.map { "byte 0x\(String($0, radix: 16)) at offset \(offset)" } ?? "offset \(offset)"
    return "\(sentence) (\(place))"
  }

  private var sentence: String {
    switch reason {
    case .unknownType: "no RESP type begins with this byte; is the peer a Redis server?"
    case .integer: "expected a decimal integer of 64 bits"
    case .double: "expected a floating point number"
    case .boolean: "expected t or f"
    case .bigNumber: "expected decimal digits"
    case .null: "expected an empty line after the null"
    case .length: "expected a length of 0 or more, or -1 for a null"
    case .lineEnd: "expected CR LF"
    case .verbatim: "expected three letters and a colon before verbatim text"
    case .misplaced: "a push message must not be inside another value"
    case .streamed: "streamed strings and aggregates are not supported"
    case .depthLimit(let limit): "the reply is nested deeper than \(limit) levels"
    case .elementLimit(let limit): "the reply has more than \(limit) values"
    case .bulkLimit(let limit): "a string is longer than \(limit) bytes"
    case .replyLimit(let limit): "the reply is longer than \(limit) bytes"
    case .other(let text): text
    }
  }
}
