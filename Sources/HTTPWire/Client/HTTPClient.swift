public import Transport

/// A small HTTP/1.1 client on the event loop: connections are kept and used again, one request at a time on each.
@EventLoop
public final class HTTPClient {
  /// Where it connects to.
  public let endpoint: Endpoint
  private let options: HTTPClientOptions
  private let host: String
  private let transform: (@EventLoop () throws(TransportError) -> any ByteTransform)?
  private var idle: [ClientConnection] = []

  /// Makes a client; nothing is connected yet.
  ///
  /// - Parameters:
  ///   - host: the value of Host; from the endpoint when nil.
  ///   - transform: made for each connection: TLS, for https.
  public init(
    _ endpoint: Endpoint, host: String? = nil, options: HTTPClientOptions = HTTPClientOptions(),
    transform: (@EventLoop () throws(TransportError) -> any ByteTransform)? = nil
  ) {
    self.endpoint = endpoint
    self.options = options
    self.transform = transform
    if let host {
      self.host = host
    } else if case .tcp = endpoint {
      self.host = "\(endpoint)"
    } else {
      self.host = "localhost"
    }
  }

  /// Sends a request and collects its answer, whatever its status.
  ///
  /// A kept connection that turns out to be closed is replaced once when the method is idempotent.
  /// - Throws: when there is no whole answer within the time and the limit.
  public func send(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) async throws(HTTPClientError) -> HTTPClientResponse {
    let stream = try await open(method, target, headers: headers, body: body)
    stream.keepsDeadline = true
    var all: [UInt8] = []
    while let bytes = try await stream.next() {
      if all.count + bytes.count > options.bodyLimit {
        stream.cancel()
        throw .bodyTooLarge(limit: options.bodyLimit)
      }
      all += bytes
    }
    return HTTPClientResponse(status: stream.status, headers: stream.headers, body: all)
  }

  /// Sends a request and returns when the head of its answer is there; the body is read from the stream.
  ///
  /// Read the stream to its end or cancel it.
  /// - Throws: as `send`.
  public func open(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) async throws(HTTPClientError) -> HTTPClientStream {
    guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy(ASCII.isTarget) else {
      throw .malformedTarget(target)
    }
    let deadline = EventLoop.now.addingClamped(options.timeout.nanoseconds)
    while true {
      let wasKept: Bool
      let connection: ClientConnection
      if let kept = idle.popLast() {
        (connection, wasKept) = (kept, true)
      } else {
        (connection, wasKept) = (try await connect(), false)
      }
      connection.begin(deadline: deadline, toHead: method == .head)
      write(method, target, headers, body, to: connection)
      do {
        let head = try await connection.readHead()
        return HTTPClientStream(head, connection, client: self, streamTimeout: options.streamTimeout)
      } catch {
        connection.close()
        guard wasKept, case .disconnected = error, method.isIdempotent else { throw error }
      }
    }
  }

  /// Closes the idle connections; later requests make new ones.
  public func close() {
    let all = idle
    idle = []
    for connection in all { connection.close() }
  }

  private func connect() async throws(HTTPClientError) -> ClientConnection {
    do throws(TransportError) {
      let connection = try await Connection.connect(
        to: endpoint, timeout: min(options.connectTimeout, options.timeout), transform: transform)
      return ClientConnection(connection, limits: options.limits, client: self)
    } catch {
      if error == .cancelled { throw .cancelled }
      throw .connect(error)
    }
  }

  private func write(
    _ method: HTTPMethod, _ target: String, _ headers: HTTPHeaders, _ body: [UInt8], to client: ClientConnection
  ) {
    func write(into output: inout ByteBuffer) {
      output.append(method.name)
      output.append(ASCII.space)
      output.append(target)
      output.append(" HTTP/1.1\r\nHost: ")
      output.append(host.utf8.allSatisfy(ASCII.isHost) ? host : "localhost")
      output.append("\r\n")
      if !body.isEmpty || method == .post || method == .put || method == .patch {
        output.append("Content-Length: ")
        output.append(decimal: body.count)
        output.append("\r\n")
      }
      options.headers.write(into: &output, without: HTTPHeaders.ownedByClient)
      headers.write(into: &output, without: HTTPHeaders.ownedByClient)
      output.append("\r\n")
      output.append(body)
    }
    write(into: &client.connection.output)
    client.connection.flush()
  }

  func giveBack(_ connection: ClientConnection) {
    guard connection.isUsable, idle.count < options.idleConnections else { return connection.close() }
    idle.append(connection)
  }

  func forget(_ connection: ClientConnection) { idle.removeAll { $0 === connection } }
}

extension HTTPMethod {
  /// Whether sending it twice means the same as once (RFC 9110 section 9.2.2).
  var isIdempotent: Bool { isSafe || self == .put || self == .delete }
}

extension Int64 {
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
