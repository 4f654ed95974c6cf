/// The request line and fields of a request, checked.
public struct HTTPRequestHead: Sendable {
  /// The method.
  public let method: HTTPMethod
  /// The fields, as sent.
  public let headers: HTTPHeaders
  /// Whether the request is HTTP/1.0.
  public let isHTTP10: Bool
  /// The length of the body when the client told it.
  public let contentLength: Int?
  /// Whether the body comes in chunks.
  public let isChunked: Bool
  /// Whether the client would send another request on this connection.
  public let allowsReuse: Bool
  /// Whether the client waits for `100 Continue` before it sends the body.
  public let expectsContinue: Bool

  let target: RequestTarget

  /// Whether a body follows the head; one of no bytes does not.
  public var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

  /// The path as sent, percent-encoded; `*` for `OPTIONS *`, `/` for an absolute target without one.
  public var path: String {
    withPath { path in path.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
  }

  /// The bytes between `?` and the end of the target, percent-encoded, or none.
  public var query: String {
    withQuery { query in query.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
  }

  /// Calls `body` with the bytes of the path; no String is made.
  public func withPath<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if target.path.isEmpty { return try body([UInt8(ascii: "/")].span) }
    return try body(headers.bytes.span.extracting(target.path))
  }

  /// Calls `body` with the bytes of the query; no String is made.
  public func withQuery<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(headers.bytes.span.extracting(target.query))
  }
}
