import TestSupport

/// Reads a stream of server-sent events as a browser does.
struct EventReader {
  /// One event of a stream.
  struct Event: Equatable {
    var id: String?
    var name: String?
    var data = ""

    /// A member of the data.
    subscript(name: String) -> String? { (try? JSONTree(data))?[name].string }
  }

  let stream: PlainHTTP.Stream

  /// Opens a stream, going on after the event of an id.
  init(
    _ http: PlainHTTP, _ path: String, after id: String? = nil, _ headers: [String: String] = [:]
  ) async throws {
    stream = try await http.open(path, headers.merging(id.map { ["Last-Event-ID": $0] } ?? [:]) { $1 })
  }

  /// The next event; comments are passed over. nil at the end of the stream.
  func next() async throws -> Event? {
    var event = Event()
    while let line = try await stream.nextLine() {
      if line.isEmpty {
        if event.name != nil || !event.data.isEmpty { return event }
      } else if line.hasPrefix("id: ") {
        event.id = String(line.dropFirst(4))
      } else if line.hasPrefix("event: ") {
        event.name = String(line.dropFirst(7))
      } else if line.hasPrefix("data: ") {
        event.data += line.dropFirst(6)
      }
    }
    return nil
  }

  /// The next `count` events.
  func next(_ count: Int) async throws -> [Event] {
    var events: [Event] = []
    while events.count < count {
      guard let event = try await next() else { throw SupportError("the stream ended after \(events)") }
      events.append(event)
    }
    return events
  }
}
