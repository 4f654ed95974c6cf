import HTTPWire
import JSONWire
import Jobs
import Transport

/// Every change of every job, or of one queue's, or to one state, as `{"id","queue","state"}`; of jobs that the reader may know
/// of.
///
/// It begins with `hello`, from which on no change is left out. A reader that comes back with the id of the last event gets
/// what it missed; where that is no longer known, `reset` says that lists are to be read anew.
@EventLoop
final class ChangeStream {
  private let queues: [QueueName]
  private let state: JobState?
  private let viewer: Viewer
  private let hub: EventHub
  private let owners: JobOwners
  private let lastEventID: String?
  /// Where the reader is: all before it was written, or is not for the reader.
  private var position: EventPosition

  init(
    queues: [QueueName], state: JobState?, viewer: Viewer, hub: EventHub, owners: JobOwners, lastEventID: String?
  ) {
    self.queues = queues
    self.state = state
    self.viewer = viewer
    self.hub = hub
    self.owners = owners
    self.lastEventID = lastEventID
    position = hub.position
  }

  /// Writes until the reader goes, or the process ends.
  func run(_ writer: ResponseWriter) async throws {
    let listener = hub.enter(queues)
    defer { hub.leave(listener) }
    await hub.wait(for: listener, upTo: EventPace.patience)
    try await begin(listener, writer)
    try await EventPace.follow(listener, writer) {
      // The id goes along, so that a reader for whom nothing came does not seem to have missed much.
      Array(ServerSentEvent.comment("beat").dropLast()) + ServerSentEvent(id: "\(position)").encoded
    } _: {
      if listener.noticeReset() {
        position = hub.position
        try await writer.write(event("reset"))
      }
      return try await tell(listener.take(), writer)
    }
  }

  private func begin(_ listener: EventHub.Listener, _ writer: ResponseWriter) async throws {
    // What has come since the stream began is among what was missed, or before `hello`.
    _ = listener.take()
    _ = listener.noticeReset()
    position = hub.position
    guard let lastEventID else { return try await writer.write(event("hello")) }
    guard let last = EventPosition(lastEventID), let missed = hub.changes(after: last, for: listener) else {
      return try await writer.write(event("reset"))
    }
    // Without an id: until it has read what follows, the reader stands where it stood.
    try await writer.write(ServerSentEvent(event: "hello", data: Array("{}".utf8), retryMs: EventPace.retryMs))
    _ = try await tell(missed, writer)
  }

  private func event(_ name: String) -> ServerSentEvent {
    ServerSentEvent(id: "\(position)", event: name, data: Array("{}".utf8), retryMs: EventPace.retryMs)
  }

  /// Tells changes; true.
  private func tell(_ entries: [EventRing.Entry], _ writer: ResponseWriter) async throws -> Bool {
    guard let last = entries.last else { return true }
    let wanted = entries.filter { state == nil || $0.event.state == state }
    let visible: Set<JobID>
    do throws(JobError) {
      visible = try await owners.visible(Set(wanted.map(\.event.id)), to: viewer)
    } catch {
      // Whose they are cannot be read now; they are not told, and the reader learns that something is missing.
      position = hub.position(last.number)
      try await writer.write(event("reset"))
      return true
    }
    var bytes: [UInt8] = []
    for entry in wanted where visible.contains(entry.event.id) {
      bytes += ServerSentEvent(id: "\(hub.position(entry.number))", event: "job", data: Self.json(entry.event)).encoded
    }
    if !bytes.isEmpty { try await writer.write(bytes) }
    position = hub.position(last.number)
    return true
  }

  /// `{"id","queue","state"}`.
  static func json(_ event: JobEvent) -> [UInt8] {
    var json = JSONWriter(capacity: 96)
    json.object { json in
      json.field("id", event.id.text)
      json.field("queue", event.id.queue.text)
      json.field("state", event.state.rawValue)
    }
    return json.bytes
  }
}
