import HTTPWire
import Jobs
import Transport

/// The changes of one job: the job as it is, then as it is after each change, then `end`.
///
/// A reader that comes back is told the job as it is first, and then the changes that it missed as `missed`, or `reset` where
/// they are no longer known; one that has read the end is told by 204 to stay away.
@EventLoop
final class JobEventStream {
  private let id: JobID
  private let hub: EventHub
  private let jobs: JobRoutes
  /// What the reader has read last.
  private let known: Name?
  private let isReturning: Bool

  init(id: JobID, hub: EventHub, jobs: JobRoutes, lastEventID: String?) {
    self.id = id
    self.hub = hub
    self.jobs = jobs
    known = lastEventID.flatMap { Name($0) }
    isReturning = lastEventID != nil
  }

  /// The id of an event: the place in what was heard, and the tag of the job's document.
  struct Name: Equatable, CustomStringConvertible {
    let position: EventPosition
    let tag: String

    var description: String { "\(position).\(tag)" }

    init(_ position: EventPosition, _ document: JobDocument) throws {
      self.position = position
      tag = try EntityTag(of: document.bytes).opaque
    }

    /// Reads the text; nil for any other.
    init?(_ text: String) {
      let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let position = EventPosition(parts[0]) else { return nil }
      self.position = position
      tag = String(parts[1])
    }
  }

  /// Whether the job has ended and the reader has read its end.
  func isOver(_ document: JobDocument) -> Bool {
    guard document.isDone, let known else { return false }
    do { return try Name(known.position, document) == known } catch { return false }
  }

  /// Writes until the job's end, or the reader's, or the process'.
  func run(_ writer: ResponseWriter) async throws {
    let listener = hub.enter([id.queue], jobID: id)
    defer { hub.leave(listener) }
    var last: String?
    try await EventPace.follow(listener, writer, beat: { ServerSentEvent.comment("beat") }) {
      // Before the hash is read: what is heard from here on is news.
      let position = hub.position
      _ = listener.take()
      // The hash is the truth: whatever was heard, it is read.
      let document: JobDocument
      do {
        document = try await jobs.document(id)
      } catch let problem as Problem where problem.slug == "job-not-found" {
        try await writer.write(ServerSentEvent(event: "end", data: Array("{}".utf8)))
        return false
      } catch is Problem {
        // Redis is away; its return rings again.
        return true
      }
      let name = try Name(position, document)
      if name.tag != last {
        let isFirst = last == nil
        last = name.tag
        try await writer.write(
          ServerSentEvent(id: "\(name)", event: "job", data: document.bytes, retryMs: EventPace.retryMs))
        if isFirst, isReturning { try await writer.write(missed(until: position, listener)) }
      }
      guard document.isDone else { return true }
      try await writer.write(ServerSentEvent(id: "\(name)", event: "end", data: Array("{}".utf8)))
      return false
    }
  }

  /// What happened between the reader's last event and `end`.
  private func missed(until end: EventPosition, _ listener: EventHub.Listener) -> [UInt8] {
    guard let known, let entries = hub.changes(after: known.position, for: listener) else {
      return ServerSentEvent(event: "reset", data: Array("{}".utf8)).encoded
    }
    return entries.filter { $0.number <= end.number }.flatMap {
      ServerSentEvent(event: "missed", data: ChangeStream.json($0.event)).encoded
    }
  }
}
