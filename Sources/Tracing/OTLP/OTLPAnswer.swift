internal import JSONWire

/// What a receiver's answer means for the spans that it got.
///
/// See https://opentelemetry.io/docs/specs/otlp/#otlphttp-response.
public enum OTLPAnswer: Sendable, Hashable {
  /// It has them, but for as many as it rejected for good.
  case accepted(rejected: Int)
  /// The same spans may be sent again, after this many milliseconds when it said so.
  case tryLater(afterMs: Int64?)
  /// It will never take them.
  case refused

  /// The longest wait that a receiver can ask for, in milliseconds.
  public static let longestWaitMs: Int64 = 120_000

  /// Reads an answer.
  ///
  /// - Parameter retryAfter: the field Retry-After; seconds count, a date is as if there were none.
  public init(status: Int, retryAfter: String?, body: [UInt8]) {
    switch status {
    case 200..<300: self = .accepted(rejected: Self.rejected(in: body))
    case 429, 502, 503, 504:
      let seconds = retryAfter.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
      self = .tryLater(afterMs: seconds.map { $0 > Self.longestWaitMs / 1000 ? Self.longestWaitMs : $0 * 1000 })
    default: self = .refused
    }
  }

  /// The rejected spans of a partial success; an integer of 64 bits, so usually a string. What cannot be read is none.
  private static func rejected(in body: [UInt8]) -> Int {
    do throws(JSONError) {
      let count = try JSONDocument(body).root["partialSuccess"]?["rejectedSpans"]
      let number = count?.asInt64 ?? count?.asString.flatMap { Int64($0) } ?? 0
      return Int(clamping: max(0, number))
    } catch {
      return 0
    }
  }
}
