/// The attributes of a job's spans: a queue is a destination and a job a message, in the words of
/// https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/.
public enum Messaging {
  /// What is done with the job.
  public enum Operation: String, Sendable {
    /// A producer puts it in.
    case send
    /// A worker runs it.
    case process
  }

  /// The name of a job's span: few different ones, as the conventions want.
  public static func name(_ operation: Operation, queue: String) -> String { "\(operation.rawValue) \(queue)" }

  /// What every span of a job says.
  public static func attributes(_ operation: Operation, queue: String, job: String, kind: String) -> [SpanAttribute] {
    [
      SpanAttribute("messaging.system", "whispercache"),
      SpanAttribute("messaging.operation.type", operation.rawValue),
      SpanAttribute("messaging.operation.name", operation == .send ? "enqueue" : "run"),
      SpanAttribute("messaging.destination.name", queue),
      SpanAttribute("messaging.message.id", job),
      SpanAttribute("whispercache.job.kind", kind),
    ]
  }
}
