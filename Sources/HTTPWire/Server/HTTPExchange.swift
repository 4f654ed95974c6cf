/// One request and its answer, for logs and metrics.
public struct HTTPExchange: Sendable {
  /// The request's method.
  public let method: HTTPMethod
  /// The route's template, a label with few values; nil when no route was found.
  public let route: String?
  /// The status that was answered.
  public let status: HTTPStatus
  /// From the head's arrival to the last byte being handed to the connection.
  public let duration: Duration
  /// Bytes of the request's body.
  public let requestBytes: Int
  /// Bytes of the response's body.
  public let responseBytes: Int
  /// What names the request.
  public let requestID: RequestID
  /// The client's address.
  public let peer: String
  /// Whether the whole answer could be written; false when the client went away or the handler failed midway.
  public let isComplete: Bool
  /// What `HTTPServerOptions.context` made for the request; nil without it, and for bytes that were no request.
  public let context: (any Sendable)?
}
