internal import Sealing

extension Schedule {
  /// How far back runs are made up for, in milliseconds: a day.
  static let mostCaughtUpMs: Int64 = 86_400_000

  /// The run to make now, and the one after it; nil when none is due.
  ///
  /// Of runs that nobody was there for, a schedule that catches up makes each of the last day, one after the other;
  /// another makes only the last one.
  public func due(atMs now: Int64, in zone: TimeZoneFile) -> (tickMs: Int64, next: Int64?)? {
    guard !isPaused, let nextMs, nextMs <= now else { return nil }
    var tick = nextMs
    if !catchesUp {
      tick = timing.last(notAfter: now, from: nextMs, in: zone)
    } else if nextMs < now - Self.mostCaughtUpMs {
      // The last one that is too old leads to the first one that is not, which is due or still to come.
      let old = timing.last(notAfter: now - Self.mostCaughtUpMs - 1, from: nextMs, in: zone)
      guard let first = timing.next(after: old, in: zone), first <= now else {
        return (old, timing.next(after: old, in: zone))
      }
      tick = first
    }
    return (tick, timing.next(after: tick, in: zone))
  }

  /// The next runs, at most `count`.
  public func runs(_ count: Int, in zone: TimeZoneFile) -> [Int64] {
    guard var run = nextMs, !isPaused else { return [] }
    var runs = [run]
    while runs.count < count, let next = timing.next(after: run, in: zone) {
      runs.append(next)
      run = next
    }
    return runs
  }
}

extension JobID {
  /// The id of a run's job, the same for every producer: the run's time, and 80 bits of a digest of the schedule's name.
  public init(run tickMs: Int64, of schedule: ScheduleName, queue: QueueName) throws(JobError) {
    let digest: [UInt8]
    do throws(SealingError) {
      digest = try Digest.sha256.hash(Array("whispercache schedule \(schedule.text)".utf8))
    } catch {
      throw .seal(code: error.code, detail: error.description)
    }
    let words = digest.prefix(10).map { UInt64($0) }
    let low = words[2...].reduce(0) { $0 << 8 | $1 }
    let time = UInt64(clamping: tickMs) & (1 << 48 - 1)
    self.init(queue: queue, ulid: ULID(milliseconds: time, random: UInt16(words[0] << 8 | words[1]), low))
  }
}

extension NewJob {
  /// Makes a job one of a schedule: the same run is never in twice within a day, and with `skip` neither are two jobs of
  /// the schedule.
  ///
  /// The keys cannot meet those of callers, which are HMACs in hex.
  ///
  /// - Parameter tickMs: the run; nil for one by hand.
  public mutating func bind(to schedule: ScheduleName, overlap: Schedule.Overlap, tickMs: Int64?) {
    if let tickMs { idempotency = Idempotency(key: "run-\(schedule.text)-\(tickMs)", body: "run") }
    if overlap == .skip {
      unique = Unique(key: "schedule-\(schedule.text)", ttlMs: JobLimits.uniqueTTLMs.upperBound)
    }
  }
}
