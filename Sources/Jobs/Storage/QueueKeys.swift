/// The keys of one queue. Its name stands in braces, so all of them lie in one slot of a Cluster.
public struct QueueKeys: Sendable, Hashable {
  /// What they all begin with: `wc:{q}:`.
  let base: String
  /// The queue.
  public let queue: QueueName

  /// List of job ids and adopted raw JSON elements; LPUSH in, RPOP out. The first key of every script. No end.
  public var ready: String { base + "ready" }

  /// Sorted set of ids that wait for their time, score = due ms. No end.
  public var scheduled: String { base + "scheduled" }

  /// Sorted set of ids that failed and wait, score = due ms. No end.
  public var retrying: String { base + "retrying" }

  /// Sorted set of leased ids, score = deadline of the lease in ms. No end.
  public var running: String { base + "running" }

  /// Sorted set of succeeded and cancelled ids, score = finished ms. Trimmed by count and age.
  public var done: String { base + "done" }

  /// Sorted set of dead ids, score = died ms. Trimmed by count and age.
  public var dead: String { base + "dead" }

  /// Set of cancelled ids that still lie in `ready`. Deleted when the line is empty.
  public var tombstones: String { base + "tombs" }

  /// List of rings for idle workers, at most 64. Deleted when the line is empty.
  public var wake: String { base + "wake" }

  /// Channel, not a key: lines of `id state`.
  public var events: String { base + "events" }

  /// Hash of settings: paused, paused_reason, paused_ms, lease_ms, max_attempts, max_depth. No end.
  public var config: String { base + "config" }

  /// Hash of counters by outcome, since ever. No end.
  public var stats: String { base + "stats" }

  /// Hash of the counters of one minute since 1970. Ends after 25 hours.
  public func stats(minute: Int64) -> String { base + "stats:min:\(minute)" }

  /// Hash of one job. Ends by PEXPIRE at the end of the job.
  public func job(_ id: JobID) -> String { base + "job:" + id.text }

  /// String `id fingerprint` of an idempotency key's HMAC. Ends after 24 hours.
  public func idempotency(_ fingerprint: String) -> String { base + "idem:" + fingerprint }

  /// String with the id of the job that holds a unique key, by the key's HMAC. Ends with the job or after its ttl.
  public func unique(_ fingerprint: String) -> String { base + "unique:" + fingerprint }

  /// A collection of jobs by the word that scripts and flaws have for it (`ready`, `done`).
  func collection(_ word: String) -> String { base + word }

  /// Hash of a job whose id may have been made by hand.
  func job(named id: String) -> String { base + "job:" + id }
}
