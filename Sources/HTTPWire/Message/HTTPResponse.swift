import Transport

/// What a handler answers.
///
/// The server adds Date, Content-Length or Transfer-Encoding, Connection and X-Request-Id; do not set them here.
public struct HTTPResponse: Sendable {
  /// Writes a body piece by piece; when it returns, the body ends; when it throws, the connection is cut, so that the
  /// client knows that the body is not whole.
  public typealias Producer = @EventLoop @Sendable (ResponseWriter) async throws -> Void

  /// The content.
  public enum Body: Sendable {
    /// None.
    case empty
    /// All of it.
    case bytes([UInt8])
    /// A literal; nothing is allocated.
    case literal(StaticString)
    /// Piece by piece, chunked, as fast as the client takes it.
    case stream(Producer)
  }

  /// The status.
  public var status: HTTPStatus
  /// The content type, or nil for none (or for one that is set in `headers`).
  public var contentType: StaticString?
  /// All further fields.
  public var headers: HTTPHeaders
  /// The content.
  public var body: Body

  /// Makes a response.
  public init(
    status: HTTPStatus = .ok, contentType: StaticString? = nil, headers: HTTPHeaders = HTTPHeaders(),
    body: Body = .empty
  ) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  /// A response with JSON that is written already.
  public static func json(
    _ bytes: [UInt8], status: HTTPStatus = .ok, headers: HTTPHeaders = HTTPHeaders()
  ) -> HTTPResponse {
    HTTPResponse(status: status, contentType: "application/json", headers: headers, body: .bytes(bytes))
  }

  /// A response with plain text.
  public static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
    HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", body: .bytes(Array(text.utf8)))
  }

  /// A stream of server-sent events.
  public static func events(_ producer: @escaping Producer) -> HTTPResponse {
    HTTPResponse(
      contentType: ServerSentEvent.contentType, headers: ServerSentEvent.headers, body: .stream(producer))
  }
}
