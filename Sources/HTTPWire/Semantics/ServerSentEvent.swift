/// One event of a `text/event-stream` (WHATWG HTML section 9.2).
public struct ServerSentEvent: Sendable, Hashable {
  /// What a reader sends back as Last-Event-ID, or nil.
  public var id: String?
  /// The event's name; nil means `message`.
  public var event: String?
  /// The data; each of its lines becomes one `data:` line.
  public var data: [UInt8]
  /// How many milliseconds a reader waits before it connects again, or nil.
  public var retryMs: Int?

  /// Makes an event.
  public init(id: String? = nil, event: String? = nil, data: [UInt8] = [], retryMs: Int? = nil) {
    self.id = id
    self.event = event
    self.data = data
    self.retryMs = retryMs
  }

  /// The content type of a stream of events.
  public static let contentType: StaticString = "text/event-stream"

  /// The fields that a stream of events needs besides its content type, so that no proxy keeps it back.
  public static let headers: HTTPHeaders = ["Cache-Control": "no-store", "X-Accel-Buffering": "no"]

  /// The event as bytes, with the empty line that ends it.
  public var encoded: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(data.count + 64)
    if let retryMs { Self.line("retry", Array(String(max(0, retryMs)).utf8)[...], &out) }
    if let id { Self.line("id", Self.oneLine(id)[...], &out) }
    if let event { Self.line("event", Self.oneLine(event)[...], &out) }
    var start = 0
    while !data.isEmpty {
      var end = start
      while end < data.count, data[end] != ASCII.lineFeed, data[end] != ASCII.carriageReturn { end += 1 }
      Self.line("data", data[start..<end], &out)
      if end == data.count { break }
      let isPair = data[end] == ASCII.carriageReturn && end + 1 < data.count && data[end + 1] == ASCII.lineFeed
      start = end + (isPair ? 2 : 1)
    }
    out.append(ASCII.lineFeed)
    return out
  }

  /// A comment, which readers ignore: a heartbeat that shows both ends whether the other is alive.
  public static func comment(_ text: String) -> [UInt8] {
    [ASCII.colon, ASCII.space] + oneLine(text) + [ASCII.lineFeed, ASCII.lineFeed]
  }

  private static func line(_ name: StaticString, _ value: ArraySlice<UInt8>, _ out: inout [UInt8]) {
    out.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    out.append(ASCII.colon)
    out.append(ASCII.space)
    out.append(contentsOf: value)
    out.append(ASCII.lineFeed)
  }

  /// Without what would end the line; a NUL would make readers drop the id.
  private static func oneLine(_ text: String) -> [UInt8] {
    text.utf8.filter { $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn && $0 != 0 }
  }
}
