/// A whole answer.
public struct HTTPClientResponse: Sendable {
  /// The status.
  public let status: HTTPStatus
  /// The fields.
  public let headers: HTTPHeaders
  /// The body.
  public let body: [UInt8]

  /// The body as text, with ill-formed UTF-8 repaired.
  public var text: String { String(decoding: body, as: UTF8.self) }
}
