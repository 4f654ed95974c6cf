/// A hint that a job changed; the hash is the truth.
public struct JobEvent: Sendable, Hashable {
  /// The job.
  public let id: JobID
  /// The state that it went to, or `running` for news of a running one.
  public let state: JobState

  /// Creates a hint.
  public init(id: JobID, state: JobState) {
    self.id = id
    self.state = state
  }
}

/// The messages of a queue's `events` channel.
public enum QueueEvents {
  /// Reads the lines `id state` of one message; lines that are anything else are passed over.
  public static func parse(_ message: [UInt8]) -> [JobEvent] {
    message.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      guard words.count == 2, let id = JobID(bytes: Array(words[0])), let state = JobState(bytes: Array(words[1]))
      else { return nil }
      return JobEvent(id: id, state: state)
    }
  }
}
