internal import RedisWire

/// The first look: over the lines, the sorted sets, and all keys.
extension Examination {
  private static let page = 512

  /// One round: what is in the lines, then all keys that belong to the same part of the ids.
  func lookAtLines(_ queues: [QueueName], _ empty: LineSightings) async throws(JobError) {
    var sightings = empty
    let since = try await clock()
    for queue in readable(queues) {
      try await readLine(queue, &sightings)
    }
    for place in sightings.twice { suspect(place, [Flaw(.twiceInLine, "ready")]) }
    if sightings.part == 0 {
      for queue in readable(queues) { try await lookAtWaiting(queue) }
    }
    for queue in readable(queues) { try await lookAtTombs(queue, sightings) }
    try await scan(&sightings, since: since)
  }

  private func clock() async throws(JobError) -> Int64 {
    let reply = try await store.execute(RedisCommand("TIME"))
    guard let parts = reply.elements, parts.count == 2, let seconds = parts[0].int, let micros = parts[1].int,
      (0..<1 << 40).contains(seconds)
    else { throw .unexpectedReply(script: "TIME", detail: "no two numbers") }
    return seconds * 1000 + micros / 1000
  }

  /// Reads a line from its head, where it grows: a push shifts what follows, so that an id may be met twice, but not missed.
  private func readLine(_ queue: QueueName, _ sightings: inout LineSightings) async throws(JobError) {
    let keys = store.keys.queue(queue)
    sightings.beginLine()
    var offset: Int64 = 0
    while true {
      let reply = try await store.execute(
        RedisCommand("LRANGE", keys.ready, "\(offset)", "\(offset + Int64(Self.page) - 1)"))
      let elements = reply.elements ?? []
      // Raw elements are jobs that no claim has adopted yet, and what is neither becomes a dead one with its claim.
      let places = elements.compactMap { $0.bytes.flatMap { JobID(bytes: $0) } }
        .map { ExaminedPlace(.job($0.text), in: queue) }
      sightings.note(places)
      try await lookForHashes(places.filter { sightings.covers($0) }, Flaw(.entryWithoutHash, "ready"))
      offset += Int64(elements.count)
      onProgress(Progress(step: "reading line \(queue)", done: offset, total: nil))
      if elements.count < Self.page { return }
    }
  }

  /// Suspects the ids without a hash; one command when all have theirs, which is nearly always.
  private func lookForHashes(_ places: [ExaminedPlace], _ flaw: Flaw) async throws(JobError) {
    guard let queue = places.first?.queue else { return }
    let keys = store.keys.queue(queue)
    var unique: [ExaminedPlace] = []
    var seen: Set<ExaminedPlace> = []
    for place in places where seen.insert(place).inserted { unique.append(place) }
    var command = RedisCommand("EXISTS")
    for place in unique { command.append(keys.job(named: place.thing.name)) }
    if try await store.execute(command).int == Int64(unique.count) { return }
    for place in unique {
      let reply = try await store.execute(RedisCommand("EXISTS", keys.job(named: place.thing.name)))
      if reply.int == 0 { suspect(place, [flaw]) }
    }
  }

  private func lookAtWaiting(_ queue: QueueName) async throws(JobError) {
    let keys = store.keys.queue(queue)
    for (word, key) in [("scheduled", keys.scheduled), ("retrying", keys.retrying), ("running", keys.running)] {
      var cursor = "0"
      repeat {
        let (next, elements) = try await page(RedisCommand("ZSCAN", key, cursor, "COUNT", "\(Self.page)"))
        cursor = next
        let ids = stride(from: 0, to: elements.count, by: 2).compactMap { elements[$0].string }
        try await lookForHashes(
          ids.map { ExaminedPlace(.job($0), in: queue) }, Flaw(.entryWithoutHash, word))
      } while cursor != "0"
    }
  }

  private func lookAtTombs(_ queue: QueueName, _ sightings: LineSightings) async throws(JobError) {
    var cursor = "0"
    repeat {
      let (next, elements) = try await page(
        RedisCommand("SSCAN", store.keys.queue(queue).tombstones, cursor, "COUNT", "\(Self.page)"))
      cursor = next
      for id in elements.compactMap(\.string) {
        let job = ExaminedPlace(.job(id), in: queue)
        if sightings.covers(job) && !sightings.contains(job) {
          suspect(ExaminedPlace(.tombstone(id), in: queue), [Flaw(.tombWithoutEntry, "tombs")])
        }
      }
    } while cursor != "0"
  }

  /// All keys of the prefix, in pages; things of one queue are looked at together.
  private func scan(_ sightings: inout LineSightings, since: Int64) async throws(JobError) {
    let total = try await store.execute(RedisCommand("DBSIZE")).int
    var open: [QueueName: [ExaminedThing]] = [:]
    var cursor = "0"
    var done: Int64 = 0
    repeat {
      let (next, keys) = try await page(
        RedisCommand("SCAN", cursor, "MATCH", store.keys.pattern, "COUNT", "\(Self.page)"))
      cursor = next
      for key in keys.compactMap(\.string) {
        switch store.keys.content(of: key) {
        case .thing(let thing, let queue):
          try await meet(queue, &sightings)
          let place = ExaminedPlace(thing, in: queue)
          guard sightings.covers(place), !unreadable.contains(queue) else { continue }
          open[queue, default: []].append(thing)
        case .ofQueue(let queue): try await meet(queue, &sightings)
        case .schedule(let name):
          guard sightings.part == 0, let flaw = try await flaw(of: name), flaw.code == .scheduleWithoutEntry else {
            continue
          }
          others.append(Finding(flaw, key: store.keys.schedules, member: name.text, .schedule(name)))
        case .other, nil: break
        }
      }
      for (queue, things) in open where things.count >= 128 || cursor == "0" {
        open[queue] = nil
        try await examine(things, of: queue, sightings, since: since)
      }
      done += Int64(Self.page)
      onProgress(
        Progress(
          step: sightings.parts == 1
            ? "scanning keys" : "scanning keys, round \(sightings.part + 1) of \(sightings.parts)",
          done: min(done, total ?? done), total: total))
    } while cursor != "0"
  }

  private func examine(
    _ things: [ExaminedThing], of queue: QueueName, _ sightings: LineSightings, since: Int64
  ) async throws(JobError) {
    var rest = things[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(256))
      rest = rest.dropFirst(256)
      let request = ExamineScript.Request(
        sinceMs: since,
        sightings: batch.map {
          .init($0, timesInLine: sightings.contains(ExaminedPlace($0, in: queue)) ? 1 : 0)
        })
      let flaws = try await store.run(ExamineScript.self, request, on: queue, repeats: true)
      for (thing, flaws) in zip(batch, flaws) { suspect(ExaminedPlace(thing, in: queue), flaws) }
    }
  }

  /// A queue that nobody entered has its line read when the first of its keys is met.
  private func meet(_ queue: QueueName, _ sightings: inout LineSightings) async throws(JobError) {
    guard known.insert(queue).inserted else { return }
    others.append(Finding(Flaw(.queueUnregistered), key: store.keys.queues, member: queue.text, .queue(queue)))
    try await lookAtQueue(queue)
    guard !unreadable.contains(queue) else { return }
    try await readLine(queue, &sightings)
    try await lookAtWaiting(queue)
  }

  func page(_ command: RedisCommand) async throws(JobError) -> (cursor: String, elements: [RESPValue]) {
    let reply = try await store.execute(command)
    guard let parts = reply.elements, parts.count == 2, let cursor = parts[0].string, let elements = parts[1].elements
    else { throw .unexpectedReply(script: "\(command.name)", detail: "no cursor and page") }
    return (cursor, elements)
  }
}
