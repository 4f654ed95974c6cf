import Transport

/// One connection of a client: a request, its answer, then the next request.
@EventLoop
final class ClientConnection: ConnectionHandler {
  let connection: Connection
  /// When the present wait ends, in loop nanoseconds.
  var deadline = Int64.max

  private weak var client: HTTPClient?
  private var parser: HTTPResponseParser
  private let arrival = WakeSignal()
  private var hasEnded = false
  /// Why it ended, when the secured connection did not come about or broke.
  private var failure: TransportError?
  private var isBusy = false
  private var isPaused = false

  init(_ connection: Connection, limits: HTTPLimits, client: HTTPClient) {
    self.connection = connection
    self.client = client
    parser = HTTPResponseParser(limits: limits)
    connection.handler = self
  }

  /// Whether another request can be sent.
  var isUsable: Bool { !hasEnded && connection.isOpen && connection.input.isEmpty }

  func begin(deadline: Int64, toHead: Bool) {
    self.deadline = deadline
    isBusy = true
    parser.expect(toHead: toHead)
  }

  func close() {
    hasEnded = true
    connection.close()
  }

  // MARK: Events

  func connectionReceivedBytes(_ connection: Connection) {
    if !isBusy {
      // TLS may have received what is not for us, such as tickets for later sessions.
      if !connection.input.isEmpty { close() }
      return
    }
    if connection.input.count > 256 * 1024, !isPaused {
      isPaused = true
      connection.pauseReading()
    }
    wake()
  }

  func connectionReceivedEnd(_ connection: Connection) {
    hasEnded = true
    if !isBusy { connection.close() }
    wake()
  }

  func connectionClosed(_ connection: Connection, error: TransportError?) {
    hasEnded = true
    if case .transform? = error { failure = error }
    client?.forget(self)
    wake()
  }

  private func wake() { arrival.raise() }

  // MARK: Reading

  func readHead() async throws(HTTPClientError) -> HTTPResponseHead {
    while true {
      let seen = arrival.generation
      switch try pull() {
      case .head(let head)?: return head
      case .some: throw .invalid(.malformedStatusLine, peer: connection.peer)
      case nil: try await wait(after: seen)
      }
    }
  }

  /// The next bytes of the body, or nil at its end.
  func readBody() async throws(HTTPClientError) -> [UInt8]? {
    while true {
      let seen = arrival.generation
      switch try pull() {
      case .body(let bytes)?: return bytes
      case .end?:
        isBusy = false
        return nil
      case .head?: throw .invalid(.malformedStatusLine, peer: connection.peer)
      case nil: try await wait(after: seen)
      }
    }
  }

  private enum Piece {
    case head(HTTPResponseHead)
    case body([UInt8])
    case end
  }

  /// What can be read now; nil when bytes are missing.
  private func pull() throws(HTTPClientError) -> Piece? {
    do throws(HTTPParseError) {
      var copied: [UInt8] = []
      let step = try connection.input.withBytes { bytes throws(HTTPParseError) in
        let step = try parser.next(bytes)
        if case .body(let range) = step.event {
          copied = bytes.extracting(range).withUnsafeBufferPointer { Array($0) }
        }
        return step
      }
      connection.input.consume(step.consumed)
      if isPaused, connection.input.count < 64 * 1024 {
        isPaused = false
        connection.resumeReading()
      }
      switch step.event {
      case .head(let head): return .head(head)
      case .body: return .body(copied)
      case .end: return .end
      case .needsMore:
        guard hasEnded else { return nil }
        if failure != nil { throw HTTPParseError.truncated }
        try parser.finish()
        return .end
      }
    } catch {
      if error == .truncated, let failure { throw .secured(failure) }
      if error == .truncated { throw .disconnected(sent: true, peer: connection.peer) }
      throw .invalid(error, peer: connection.peer)
    }
  }

  private func wait(after seen: Int) async throws(HTTPClientError) {
    let left = deadline - EventLoop.now
    if left <= 0 { throw .timedOut(peer: connection.peer) }
    if Task.isCancelled { throw .cancelled }
    var isLate = false
    let timer = EventLoop.after(.nanoseconds(left)) {
      isLate = true
      self.wake()
    }
    await arrival.wait(after: seen)
    timer.cancel()
    if Task.isCancelled { throw .cancelled }
    if isLate { throw .timedOut(peer: connection.peer) }
  }
}
