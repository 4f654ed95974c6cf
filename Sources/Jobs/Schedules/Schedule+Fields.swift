public import RedisWire

extension Schedule {
  /// Reads HGETALL of the hash; nil when it cannot be read, as a person or another version may have written it.
  public init?(fields: RESPMap) {
    func text(_ name: String) -> String? { fields[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    guard let timing = text("cron").flatMap({ Self.timing($0) }), let zone = text("tz"),
      let revision = text("revision"), let json = fields["job"]?.bytes,
      let kind = text("kind").flatMap({ KindName($0) }), let queue = text("queue").flatMap({ QueueName($0) })
    else { return nil }
    self.init(
      timing: timing, zone: zone, overlap: text("overlap").flatMap { Overlap(rawValue: $0) } ?? .skip,
      catchesUp: text("catch_up") == "1", isPaused: text("paused") == "1",
      template: Template(
        kind: kind, queue: queue, json: json, isSealed: text("sealed") == "1", owner: text("owner")),
      revision: revision, createdMs: fields["created_ms"]?.int ?? 0, updatedMs: fields["updated_ms"]?.int ?? 0,
      nextMs: text("next_ms").flatMap { Int64($0) })
    if let tick = text("last_tick_ms").flatMap({ Int64($0) }),
      let outcome = text("last_outcome").flatMap({ Outcome(rawValue: $0) })
    {
      last = Run(
        tickMs: tick, outcome: outcome, job: text("last_job").flatMap { JobID($0) }, detail: text("last_detail"))
    }
    enqueued = fields["enqueued"]?.int ?? 0
    skipped = fields["skipped"]?.int ?? 0
  }

  /// What a definition writes. Absent values are empty texts, so that nothing of a definition before is left.
  var definition: [(name: StaticString, value: [UInt8])] {
    [
      ("cron", Array(timing.description.utf8)), ("tz", Array(zone.utf8)), ("overlap", Array(overlap.rawValue.utf8)),
      ("catch_up", Self.flag(catchesUp)), ("paused", Self.flag(isPaused)), ("kind", Array(template.kind.text.utf8)),
      ("queue", Array(template.queue.text.utf8)), ("job", template.json), ("sealed", Self.flag(template.isSealed)),
      ("owner", Array((template.owner ?? "").utf8)), ("revision", Array(revision.utf8)),
      ("created_ms", Array(String(createdMs).utf8)), ("updated_ms", Array(String(updatedMs).utf8)),
      ("next_ms", Array(version.nextMs.utf8)),
    ]
  }

  private static func flag(_ value: Bool) -> [UInt8] { [UInt8(ascii: value ? "1" : "0")] }

  private static func timing(_ text: String) -> ScheduleTiming? {
    do throws(CronExpression.Malformed) { return try ScheduleTiming(text) } catch { return nil }
  }
}

extension Schedule.Run {
  /// What a run writes.
  var fields: [(name: StaticString, value: String)] {
    [
      ("last_tick_ms", String(tickMs)), ("last_outcome", outcome.rawValue), ("last_job", job?.text ?? ""),
      ("last_detail", detail ?? ""),
    ]
  }

  /// The counter that it adds one to.
  var counter: StaticString {
    switch outcome {
    case .enqueued: "enqueued"
    case .skipped: "skipped"
    case .failed: ""
    }
  }
}
