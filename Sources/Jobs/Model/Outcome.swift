/// How one delivery ended; a label of metrics, so the list is closed.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
  /// With a result.
  case succeeded
  /// With a failure that is tried again.
  case failed
  /// With a failure that is final.
  case dead
  /// Stopped because somebody asked for it.
  case cancelled
  /// The lease ran out: the worker stopped without an answer.
  case lost
  /// Given back uncharged.
  case released
}

/// Why a job is dead; a label of metrics, so the list is closed.
public enum DeathReason: String, Sendable, Hashable, CaseIterable {
  /// The last allowed attempt failed.
  case exhausted
  /// The handler said that no further attempt can help.
  case permanent
  /// The last allowed attempt ran over its time.
  case timeout
  /// Too many workers stopped while they had it.
  case poison
  /// It cannot be read as a job.
  case undecodable
  /// No worker knew its kind for long enough.
  case unknownKind = "unknown_kind"
  /// It carried the content of a sealed kind in the clear.
  case plaintextRefused = "plaintext_refused"
}

/// Where in the line a job enters.
public enum Priority: String, Sendable, Hashable, CaseIterable {
  /// At the end.
  case normal
  /// At the head; among high ones the newest batch goes first.
  case high
}
