/// Reads a `text/event-stream` in pieces (WHATWG HTML section 9.2.6); the client's side of `ServerSentEvent`.
public struct ServerSentEventParser: Sendable {
  private var line: [UInt8] = []
  private var sawCarriageReturn = false
  private var current = ServerSentEvent()
  private var hasData = false
  private let limit: Int

  /// Makes a reader whose events hold at most `limit` bytes; what is longer is cut off.
  public init(limit: Int = 1 << 20) { self.limit = limit }

  /// Takes in the next bytes and returns the events that they complete; comments and events without data are left out.
  public mutating func append(_ bytes: [UInt8]) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      let follows = sawCarriageReturn
      sawCarriageReturn = byte == ASCII.carriageReturn
      if byte == ASCII.lineFeed, follows { continue }
      if byte == ASCII.lineFeed || byte == ASCII.carriageReturn {
        if let event = endLine() { events.append(event) }
      } else if line.count < limit {
        line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if line.isEmpty {
      defer {
        // The last id stays in force for the events after it.
        current = ServerSentEvent(id: current.id)
        hasData = false
      }
      return hasData ? current : nil
    }
    let colon = line.firstIndex(of: ASCII.colon) ?? line.count
    var value = line[min(colon + 1, line.count)...]
    if value.first == ASCII.space { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "data":
      if hasData, current.data.count < limit { current.data.append(ASCII.lineFeed) }
      current.data.append(contentsOf: value.prefix(max(0, limit - current.data.count)))
      hasData = true
    case "event": current.event = String(decoding: value, as: UTF8.self)
    case "id" where !value.contains(0): current.id = String(decoding: value, as: UTF8.self)
    case "retry" where !value.isEmpty && value.count <= 9 && value.allSatisfy(ASCII.isDigit):
      current.retryMs = Int(String(decoding: value, as: UTF8.self))
    default: break
    }
    return nil
  }
}
