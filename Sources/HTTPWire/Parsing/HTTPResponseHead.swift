/// The status line and fields of a response, checked.
public struct HTTPResponseHead: Sendable {
  /// The status.
  public let status: HTTPStatus
  /// The fields, as sent.
  public let headers: HTTPHeaders
  /// Whether the server would take another request on this connection.
  public let allowsReuse: Bool
}
