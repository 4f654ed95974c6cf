/// A named value of a log line.
///
/// The fields that appear in many lines have constructors of their own, so that they are spelled the same everywhere; others
/// are snake_case. Nothing from inside a sealed payload, a key, a token or a witness may be a field: give pointer, type and
/// length instead.
public struct LogField: Sendable, Hashable {
  /// What a field can hold.
  public enum Value: Sendable, Hashable {
    /// Text; cut at 4096 bytes when it is written.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// A number; null when it is not finite.
    case double(Double)
    /// True or false.
    case bool(Bool)
  }

  /// The name as it is written.
  public let name: String
  /// The value.
  public let value: Value

  /// Creates a field.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  /// The X-Request-Id of the HTTP request.
  public static func requestID(_ id: String) -> LogField { LogField("requestId", .string(id)) }
  /// The job's id.
  public static func jobID(_ id: String) -> LogField { LogField("jobId", .string(id)) }
  /// The queue's name.
  public static func queue(_ name: String) -> LogField { LogField("queue", .string(name)) }
  /// The job's kind.
  public static func kind(_ kind: String) -> LogField { LogField("kind", .string(kind)) }
  /// The worker's id.
  public static func worker(_ id: String) -> LogField { LogField("worker", .string(id)) }
  /// The trace id of the `traceparent`.
  public static func traceID(_ id: String) -> LogField { LogField("traceId", .string(id)) }
  /// How long it took; written in milliseconds.
  public static func duration(_ duration: Duration) -> LogField { LogField("duration", .double(duration.milliseconds)) }
  /// An error's words, in the field `error`.
  public static func error(_ error: any Error) -> LogField { LogField("error", .string("\(error)")) }
  /// A field with text.
  public static func string(_ name: String, _ value: String) -> LogField { LogField(name, .string(value)) }
  /// A field with a whole number.
  public static func int(_ name: String, _ value: Int) -> LogField { LogField(name, .integer(Int64(value))) }
  /// A field with a number.
  public static func double(_ name: String, _ value: Double) -> LogField { LogField(name, .double(value)) }
  /// A field with true or false.
  public static func bool(_ name: String, _ value: Bool) -> LogField { LogField(name, .bool(value)) }
}
