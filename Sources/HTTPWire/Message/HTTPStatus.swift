/// A response status code with its reason phrase (RFC 9110 section 15).
public struct HTTPStatus: Sendable, Hashable, CustomStringConvertible {
  /// The code, 100...599.
  public let code: Int

  /// Makes a status from a code; one outside 100...599 becomes 500.
  public init(_ code: Int) { self.code = (100...599).contains(code) ? code : 500 }

  /// `404 Not Found`.
  public var description: String { "\(code) \(reason)" }

  /// Whether the code is in 200...299.
  public var isSuccess: Bool { code / 100 == 2 }

  /// Whether a response with this status never has content (1xx, 204, 304).
  public var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }

  /// The usual reason phrase, or the name of the class for a code without one.
  public var reason: StaticString {
    switch code {
    case 100: "Continue"
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 206: "Partial Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 428: "Precondition Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    case 507: "Insufficient Storage"
    case ..<200: "Informational"
    case ..<300: "Success"
    case ..<400: "Redirection"
    case ..<500: "Client Error"
    default: "Server Error"
    }
  }
}

extension HTTPStatus {
  /// 200.
  public static let ok = HTTPStatus(200)
  /// 201.
  public static let created = HTTPStatus(201)
  /// 202.
  public static let accepted = HTTPStatus(202)
  /// 204, never with content.
  public static let noContent = HTTPStatus(204)
  /// 304, never with content.
  public static let notModified = HTTPStatus(304)
  /// 400.
  public static let badRequest = HTTPStatus(400)
  /// 401.
  public static let unauthorized = HTTPStatus(401)
  /// 403.
  public static let forbidden = HTTPStatus(403)
  /// 404.
  public static let notFound = HTTPStatus(404)
  /// 405.
  public static let methodNotAllowed = HTTPStatus(405)
  /// 408.
  public static let requestTimeout = HTTPStatus(408)
  /// 409.
  public static let conflict = HTTPStatus(409)
  /// 410.
  public static let gone = HTTPStatus(410)
  /// 413.
  public static let contentTooLarge = HTTPStatus(413)
  /// 414.
  public static let uriTooLong = HTTPStatus(414)
  /// 415.
  public static let unsupportedMediaType = HTTPStatus(415)
  /// 417.
  public static let expectationFailed = HTTPStatus(417)
  /// 422.
  public static let unprocessable = HTTPStatus(422)
  /// 429.
  public static let tooManyRequests = HTTPStatus(429)
  /// 431.
  public static let fieldsTooLarge = HTTPStatus(431)
  /// 500.
  public static let internalError = HTTPStatus(500)
  /// 501.
  public static let notImplemented = HTTPStatus(501)
  /// 503.
  public static let unavailable = HTTPStatus(503)
  /// 505.
  public static let versionNotSupported = HTTPStatus(505)
}
