public import Transport

/// An answer whose body is read piece by piece, for instance a stream of server-sent events.
@EventLoop
public final class HTTPClientStream {
  /// The status.
  public let status: HTTPStatus
  /// The fields.
  public let headers: HTTPHeaders

  private let allowsReuse: Bool
  private let streamTimeout: Duration
  private var connection: ClientConnection?
  private let client: HTTPClient
  /// Whether the deadline of the request holds for the body too.
  var keepsDeadline = false

  init(_ head: HTTPResponseHead, _ connection: ClientConnection, client: HTTPClient, streamTimeout: Duration) {
    status = head.status
    headers = head.headers
    allowsReuse = head.allowsReuse
    self.connection = connection
    self.client = client
    self.streamTimeout = streamTimeout
  }

  deinit {
    // A stream that was left unread would hold its connection open for ever.
    if let connection { EventLoop.post { connection.close() } }
  }

  /// The next bytes, or nil at the end.
  ///
  /// - Throws: `disconnected`, `timedOut` after a silence, `invalid` or `cancelled`; the connection is then closed.
  public func next() async throws(HTTPClientError) -> [UInt8]? {
    guard let connection else { return nil }
    if !keepsDeadline { connection.deadline = EventLoop.now.addingClamped(streamTimeout.nanoseconds) }
    do {
      if let bytes = try await connection.readBody() { return bytes }
    } catch {
      cancel()
      throw error
    }
    self.connection = nil
    if allowsReuse { client.giveBack(connection) } else { connection.close() }
    return nil
  }

  /// Stops reading and closes the connection.
  public func cancel() {
    connection?.close()
    connection = nil
  }
}
