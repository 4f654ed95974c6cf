public import RedisWire

/// A script's contract in types: a request becomes a command, a reply becomes a value, and nothing else knows the shapes.
public protocol JobScript {
  /// What one call asks for.
  associatedtype Request: Sendable
  /// What it answers.
  associatedtype Reply: Sendable

  /// Which script it is.
  static var name: ScriptName { get }
  /// Appends the arguments in the order of the script's comment.
  static func append(_ request: Request, to command: inout RedisCommand)
  /// Reads the answer to `request`.
  ///
  /// - Throws: `unexpectedReply` for any other shape.
  static func decode(_ reply: RESPValue, of request: Request) throws(JobError) -> Reply
}

extension JobScript {
  /// The whole command for a queue.
  public static func command(
    _ request: Request, on queue: QueueKeys, scripts: Scripts = .embedded
  ) -> RedisCommand {
    var command = RedisCommand(scripts[name], keys: [queue.ready])
    append(request, to: &command)
    return command
  }

  static func unexpected(_ detail: String) -> JobError { .unexpectedReply(script: name.rawValue, detail: detail) }

  /// The elements of an array of a known count.
  static func elements(_ reply: RESPValue, count: Int) throws(JobError) -> [RESPValue] {
    let elements = try elements(reply)
    guard elements.count == count else { throw unexpected("\(elements.count) elements where \(count) belong") }
    return elements
  }

  /// The elements of an array.
  static func elements(_ reply: RESPValue) throws(JobError) -> [RESPValue] {
    guard let elements = reply.elements else { throw unexpected("no array") }
    return elements
  }

  /// An integer.
  static func integer(_ value: RESPValue) throws(JobError) -> Int64 {
    guard let integer = value.int else { throw unexpected("no integer where one belongs") }
    return integer
  }

  /// An integer that counts something.
  static func count(_ value: RESPValue) throws(JobError) -> Int {
    guard let count = Int(exactly: try integer(value)), count >= 0 else { throw unexpected("a count below zero") }
    return count
  }

  /// One answer a job.
  static func codes<Code>(
    _ reply: RESPValue, count: Int, _ code: (RESPValue) -> Code?
  ) throws(JobError) -> [Code] {
    var codes: [Code] = []
    codes.reserveCapacity(count)
    for element in try elements(reply, count: count) {
      guard let read = code(element) else { throw unexpected("an unknown code") }
      codes.append(read)
    }
    return codes
  }
}
