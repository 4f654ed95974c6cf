public import RedisWire

/// `pause.lua`: stops or resumes claims of a queue; what runs goes on, and so does enqueue.
public enum PauseScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// Whether the queue is to be paused.
    public var isPaused: Bool
    /// Why, for people.
    public var reason: String

    /// Creates a request.
    public init(isPaused: Bool, reason: String = "") {
      self.isPaused = isPaused
      self.reason = reason
    }
  }

  /// See `JobScript`.
  public static var name: ScriptName { .pause }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append((request.isPaused ? "1" : "0") as StaticString)
    command.append(request.reason)
  }

  /// See `JobScript`. True when that changed something.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Bool {
    try integer(reply) == 1
  }
}
