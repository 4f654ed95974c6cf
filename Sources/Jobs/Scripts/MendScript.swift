public import RedisWire

/// `mend.lua`: looks at one thing anew and puts it right, in one atomic step. The same call again finds nothing to do.
public enum MendScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// What to mend.
    public var thing: ExaminedThing
    /// How long ended jobs are kept.
    public var retention: Retention

    /// Creates a request.
    public init(thing: ExaminedThing, retention: Retention = Retention()) {
      self.thing = thing
      self.retention = retention
    }
  }

  /// What was there.
  public struct Reply: Sendable, Equatable {
    /// What was wrong just before.
    public var found: [Flaw]
    /// What still is.
    public var left: [Flaw]
  }

  /// See `JobScript`.
  public static var name: ScriptName { .mend }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.thing.word)
    command.append(request.thing.name)
    command.append(request.retention.resultMs)
    command.append(request.retention.deadMs)
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply {
    let parts = try elements(reply, count: 2)
    return Reply(found: try Flaw.list(parts[0], script: name), left: try Flaw.list(parts[1], script: name))
  }
}
