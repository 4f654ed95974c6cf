internal import RedisWire

/// The schedules in Redis: a hash each, which is the truth, and a sorted set of their next runs, which follows it.
///
/// Hash and set lie in different slots of a Cluster. Whatever writes a hash writes the set afterwards and looks whether it
/// still is right; `sweep` mends what a crash in between has left.
public struct ScheduleStore: Sendable {
  /// What is due.
  public struct Due: Sendable, Equatable {
    /// Redis' clock, in Unix milliseconds.
    public var nowMs: Int64
    /// Milliseconds until the next one that is not due; nil when there is none.
    public var waitMs: Int64?
    /// The names.
    public var names: [ScheduleName]
  }

  /// Most schedules that there may be.
  public static let most = 10_000

  private static let dueScript = RedisScript(embedded: "schedule_due")
  private static let putScript = RedisScript(embedded: "schedule_put")
  private static let advanceScript = RedisScript(embedded: "schedule_advance")

  /// The jobs beside them.
  public let store: JobStore
  var keys: Keys { store.keys }

  /// The schedules beside the jobs of `store`.
  public init(_ store: JobStore) { self.store = store }

  /// How many there are.
  ///
  /// - Redis: ZCARD.
  public func count() async throws(JobError) -> Int64 {
    try await store.execute(RedisCommand("ZCARD", keys.schedules)).int ?? 0
  }

  /// The names of all, in order.
  ///
  /// - Redis: ZRANGE.
  public func names() async throws(JobError) -> [ScheduleName] {
    let reply = try await store.execute(RedisCommand("ZRANGE", keys.schedules, "0", "-1"))
    guard let members = reply.elements else { throw .unexpectedReply(script: "ZRANGE", detail: "no names") }
    return members.compactMap { $0.string.flatMap { ScheduleName($0) } }.sorted { $0.text < $1.text }
  }

  /// Reads schedules, in one round trip; nil where there is none, or none that can be read.
  ///
  /// - Redis: HGETALL.
  public func read(_ names: [ScheduleName]) async throws(JobError) -> [Schedule?] {
    var schedules: [Schedule?] = []
    for fields in try await fields(of: names) { schedules.append(Schedule(fields: fields)) }
    return schedules
  }

  /// Reads one; nil when there is none, or none that can be read.
  public func read(_ name: ScheduleName) async throws(JobError) -> Schedule? { try await read([name]).first ?? nil }

  /// Which state of the hash there is, whether it can be read or not.
  public func version(_ name: ScheduleName) async throws(JobError) -> Schedule.Version {
    let reply = try await store.execute(RedisCommand("HMGET", keys.schedule(name.text), "revision", "next_ms"))
    var version = Schedule.Version()
    version.revision = reply.elements?.first?.string ?? ""
    version.nextMs = reply.elements?.last?.string ?? ""
    return version
  }

  /// Writes a definition over the state that the caller has read; false when another one is there.
  public func put(
    _ schedule: Schedule, _ name: ScheduleName, over version: Schedule.Version
  ) async throws(JobError) -> Bool {
    var command = RedisCommand(Self.putScript, keys: [keys.schedule(name.text)])
    command.append(version.revision)
    command.append(version.nextMs)
    for (field, value) in schedule.definition {
      command.append(field)
      command.append(value)
    }
    guard try await store.execute(command, repeats: false).int == 1 else { return false }
    try await index(name)
    return true
  }

  /// Notes a run and the time of the next one; false when another producer, a change or a deletion came first.
  ///
  /// - Parameter next: `.some(nil)` when no run comes; nil leaves the time as it is.
  public func note(
    _ run: Schedule.Run, of name: ScheduleName, at version: Schedule.Version, next: Int64??
  ) async throws(JobError) -> Bool {
    var command = RedisCommand(Self.advanceScript, keys: [keys.schedule(name.text)])
    command.append(version.revision)
    command.append(version.nextMs)
    command.append(run.counter)
    for (field, value) in run.fields {
      command.append(field)
      command.append(value)
    }
    if let next {
      command.append("next_ms" as StaticString)
      command.append(next.map { String($0) } ?? "")
    }
    let isFirst = try await store.execute(command, repeats: false).int == 1
    if next != nil { try await index(name) }
    return isFirst
  }

  /// Deletes a schedule; false when there was none.
  ///
  /// - Redis: DEL, ZREM.
  public func delete(_ name: ScheduleName) async throws(JobError) -> Bool {
    let count = try await store.execute(RedisCommand("DEL", keys.schedule(name.text))).int
    try await index(name)
    return count == 1
  }

  /// What is due, the longest due first.
  ///
  /// - Parameters:
  ///   - skipping: how many to pass over, because they cannot be run now.
  ///   - limit: most names.
  public func due(skipping: Int = 0, limit: Int = 64) async throws(JobError) -> Due {
    var command = RedisCommand(Self.dueScript, keys: [keys.schedules])
    command.append(skipping)
    command.append(limit)
    let reply = try await store.execute(command)
    guard let elements = reply.elements, elements.count >= 2, let now = elements[0].int, let wait = elements[1].int
    else { throw .unexpectedReply(script: "schedule_due", detail: "no times") }
    return Due(
      nowMs: now, waitMs: wait < 0 ? nil : wait,
      names: elements.dropFirst(2).compactMap { $0.string.flatMap { ScheduleName($0) } })
  }

  func fields(of names: [ScheduleName]) async throws(JobError) -> [RESPMap] {
    if names.isEmpty { return [] }
    let replies = try await store.execute(all: names.map { RedisCommand("HGETALL", keys.schedule($0.text)) })
    var maps: [RESPMap] = []
    for reply in replies {
      guard let pairs = reply.pairs else { throw .unexpectedReply(script: "HGETALL", detail: "no fields") }
      maps.append(pairs)
    }
    return maps
  }
}
