/// A request as a route's handler gets it.
public struct HTTPRequest: Sendable {
  /// Request line and fields.
  public let head: HTTPRequestHead
  /// What names the request in logs and problems.
  public let id: RequestID
  /// The client's address: as the connection has it, or as `HTTPServerOptions.peer` says.
  public let peer: String
  /// The route that was found, or nil before one was.
  public internal(set) var route: Route?
  /// The whole body of a route with `collected` bodies; empty otherwise.
  public internal(set) var body: [UInt8] = []
  /// The body of a route with `streamed` bodies, piece by piece; nil otherwise and when there is none.
  public internal(set) var bodyStream: RequestBody?

  /// What `HTTPServerOptions.context` made for the request; nil without it.
  public internal(set) var context: (any Sendable)?

  var parameterRanges: [Range<Int>] = []

  init(head: HTTPRequestHead, id: RequestID, peer: String) {
    self.head = head
    self.id = id
    self.peer = peer
  }

  /// Makes a request by hand, for tests of handlers.
  ///
  /// - Throws: the parse error when the parts make no valid request.
  public init(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = ["Host": "localhost"], body: [UInt8] = [],
    id: RequestID = .mint(), peer: String = "127.0.0.1:1"
  ) throws(HTTPParseError) {
    var text = "\(method) \(target) HTTP/1.1\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    let bytes = Array((text + "\r\n").utf8)
    var parser = HTTPRequestParser()
    guard case .head(let head) = try parser.next(bytes.span).event else { throw .truncated }
    self.init(head: head, id: id, peer: peer)
    self.body = body
  }

  /// The method.
  public var method: HTTPMethod { head.method }

  /// The fields.
  public var headers: HTTPHeaders { head.headers }

  /// The path as sent, percent-encoded.
  public var path: String { head.path }

  /// The value of the path parameter `{name}` of the route, percent-decoded.
  ///
  /// - Throws: 400 `malformed-path` for a broken percent escape, a NUL or bytes that are not UTF-8.
  public func parameter(_ name: String) throws(Problem) -> String {
    guard let index = route?.parameterNames.firstIndex(of: name), index < parameterRanges.count else {
      preconditionFailure("the route \(route?.template ?? "(none)") has no parameter {\(name)}")
    }
    let text = head.withPath { PercentDecoding.text($0.extracting(parameterRanges[index])) }
    guard let text else {
      throw Problem(
        .badRequest, "malformed-path", "The path is malformed",
        detail: "{\(name)} holds a broken percent escape, a NUL or bytes that are not UTF-8.")
    }
    return text
  }

  /// The value of the path parameter `{name}` as a number or the like.
  ///
  /// - Throws: as `parameter(_:)`, and 404 `not-found` when it is not a `Value`: nothing can be there.
  public func parameter<Value: LosslessStringConvertible>(
    _ name: String, as type: Value.Type
  ) throws(Problem) -> Value {
    guard let value = Value(try parameter(name)) else { throw Problem.notFound(path: path) }
    return value
  }

  /// The parameters of the query, decoded strictly.
  ///
  /// - Throws: 400 `malformed-query`.
  /// - Complexity: O(length); read it once.
  public func query() throws(Problem) -> HTTPQuery {
    try head.withQuery { bytes throws(Problem) in try HTTPQuery(bytes) }
  }

  /// Whether the Content-Type is `type` (`application/json`), whatever its parameters.
  public func hasContentType(_ type: String) -> Bool {
    headers.withValue(of: "Content-Type") { value in
      var end = 0
      while end < value.count, value[end] != ASCII.semicolon { end += 1 }
      let range = ASCII.trimmed(value, 0..<end)
      guard range.count == type.utf8.count else { return false }
      return zip(range, type.utf8).allSatisfy { ASCII.lowercased(value[$0]) == ASCII.lowercased($1) }
    } ?? false
  }
}
