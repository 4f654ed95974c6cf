import RedisWire

/// A page of a queue's jobs.
public struct JobPage: Sendable, Equatable {
  /// The jobs, in the order of the list that was asked for.
  public var records: [JobRecord]
  /// Raw elements among them that no claim has adopted yet; they have no id.
  public var raw: Int
  /// Where to go on; nil at the end.
  public var nextOffset: Int?
}

extension JobStore {
  /// Lists the jobs of a queue in one state, without payloads and results.
  ///
  /// Ready ones come in the order in which they will be claimed, waiting and running ones by their time, ended ones the
  /// newest first. Jobs that move meanwhile may be met twice or not at all.
  ///
  /// - Parameters:
  ///   - offset: where to begin, from the page before.
  ///   - limit: how many entries to look at, at most 256; of succeeded and cancelled ones, which share a set, a page may
  ///     hold fewer, also none, and yet have a next one.
  public func list(
    _ queue: QueueName, state: JobState, offset: Int = 0, limit: Int = 64
  ) async throws(JobError) -> JobPage {
    let limit = min(max(1, limit), 256)
    let offset = max(0, min(offset, 1 << 40))
    let reply = try await execute(Self.command(keys.queue(queue), state, offset, limit))
    guard let entries = reply.elements else { throw .unexpectedReply(script: "list", detail: "no array of ids") }
    // LRANGE counts from the end of the line that is claimed first, and answers its part the other way round.
    let ordered = state == .ready ? Array(entries.reversed()) : entries
    let ids = ordered.compactMap { $0.bytes.flatMap { JobID(bytes: $0) } }
    let records = try await read(ids, isBrief: true).compactMap { $0 }.filter { $0.state == state }
    return JobPage(
      records: records, raw: entries.count - ids.count, nextOffset: entries.count == limit ? offset + limit : nil)
  }

  private static func command(_ keys: QueueKeys, _ state: JobState, _ offset: Int, _ limit: Int) -> RedisCommand {
    let last = offset + limit - 1
    switch state {
    case .ready: return RedisCommand("LRANGE", keys.ready, "-\(last + 1)", "-\(offset + 1)")
    case .scheduled: return RedisCommand("ZRANGE", keys.scheduled, "\(offset)", "\(last)")
    case .retrying: return RedisCommand("ZRANGE", keys.retrying, "\(offset)", "\(last)")
    case .running: return RedisCommand("ZRANGE", keys.running, "\(offset)", "\(last)")
    case .succeeded, .cancelled: return RedisCommand("ZRANGE", keys.done, "\(offset)", "\(last)", "REV")
    case .dead: return RedisCommand("ZRANGE", keys.dead, "\(offset)", "\(last)", "REV")
    }
  }
}
