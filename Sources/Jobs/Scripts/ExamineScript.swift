public import RedisWire

/// `examine.lua`: what is wrong with jobs, unique keys, Idempotency-Keys and tombstones. Changes nothing.
public enum ExamineScript: JobScript {
  /// One call.
  public struct Request: Sendable {
    /// When the caller began to look, Unix ms of Redis; of a job that moved later, what was seen says nothing.
    public var sinceMs: Int64
    /// What to look at.
    public var sightings: [Sighting]

    /// Creates a request.
    public init(sinceMs: Int64 = 0, sightings: [Sighting]) {
      self.sinceMs = sinceMs
      self.sightings = sightings
    }
  }

  /// One thing, and how often the caller saw its id in the line.
  public struct Sighting: Sendable, Hashable {
    /// What it is.
    public var thing: ExaminedThing
    /// How often its id was in the line; nil has Redis search the line, which is O(its length).
    public var timesInLine: Int?

    /// Creates a sighting.
    public init(_ thing: ExaminedThing, timesInLine: Int? = nil) {
      self.thing = thing
      self.timesInLine = timesInLine
    }
  }

  /// See `JobScript`.
  public static var name: ScriptName { .examine }

  /// See `JobScript`.
  public static func append(_ request: Request, to command: inout RedisCommand) {
    command.append(request.sinceMs)
    for sighting in request.sightings {
      command.append(sighting.thing.word)
      command.append(sighting.thing.name)
      command.append(sighting.timesInLine ?? -1)
    }
  }

  /// See `JobScript`.
  public static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> [[Flaw]] {
    var flaws: [[Flaw]] = []
    for element in try elements(reply, count: request.sightings.count) {
      flaws.append(try Flaw.list(element, script: name))
    }
    return flaws
  }
}
