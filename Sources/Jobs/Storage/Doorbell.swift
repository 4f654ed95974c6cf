public import RedisWire

/// How an idle worker waits: on the bell, never on the jobs. A lost ring costs one round of waiting.
public enum Doorbell {
  /// A command that waits for a ring of one of these queues; for a connection of its own, as it blocks.
  ///
  /// On a Cluster ask for one queue at a time, as several are in several slots.
  ///
  /// - Parameter timeoutMs: how long, in milliseconds; at least 10, as 0 would mean for ever.
  /// - Redis: `BLPOP`.
  public static func wait(on queues: [QueueKeys], timeoutMs: Int64) -> RedisCommand {
    var command = RedisCommand("BLPOP")
    for queue in queues { command.append(queue.wake) }
    command.append("\(Double(min(max(10, timeoutMs), 3_600_000)) / 1000)")
    return command
  }

  /// The queue that rang, of those that were asked for; nil when the time ran out.
  public static func rung(_ reply: RESPValue, of queues: [QueueKeys]) -> QueueKeys? {
    guard let key = reply.elements?.first?.string else { return nil }
    return queues.first { $0.wake == key }
  }
}
