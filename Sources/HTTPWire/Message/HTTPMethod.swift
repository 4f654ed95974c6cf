/// A request method (RFC 9110 section 9, PATCH from RFC 5789, QUERY from draft-ietf-httpbis-safe-method-w-body).
///
/// A method that is none of these is `unknown`: its name is not kept, so that it can never grow a metric's labels.
public enum HTTPMethod: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// Reads a representation; safe and idempotent.
  case get
  /// As `get` without the content.
  case head
  /// Acts on a resource; neither safe nor idempotent.
  case post
  /// Replaces a resource; idempotent.
  case put
  /// Changes part of a resource.
  case patch
  /// Removes a resource; idempotent.
  case delete
  /// Asks what a resource allows; safe.
  case options
  /// Asks with a body; safe and idempotent; never offered here.
  case query
  /// Echoes the request; never offered here.
  case trace
  /// Opens a tunnel; never offered here.
  case connect
  /// A well-formed token that names none of the others.
  case unknown

  /// The name on the wire; `UNKNOWN` for `unknown`.
  public var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .query: "QUERY"
    case .trace: "TRACE"
    case .connect: "CONNECT"
    case .unknown: "UNKNOWN"
    }
  }

  /// The name on the wire.
  public var description: String { "\(name)" }

  /// Whether the method is defined as read-only (RFC 9110 section 9.2.1).
  public var isSafe: Bool {
    switch self {
    case .get, .head, .options, .query, .trace: true
    case .post, .put, .patch, .delete, .connect, .unknown: false
    }
  }

  /// Reads the token in `range`; methods are case-sensitive.
  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    func matches(_ method: HTTPMethod) -> Bool {
      let name = method.name
      let pointer = name.utf8Start
      for index in 0..<range.count where bytes[range.lowerBound + index] != pointer[index] { return false }
      return true
    }
    let candidate: HTTPMethod
    switch (range.count, bytes[range.lowerBound]) {
    case (3, 71): candidate = .get
    case (4, 80): candidate = .post
    case (3, 80): candidate = .put
    case (4, 72): candidate = .head
    case (5, 80): candidate = .patch
    case (5, 81): candidate = .query
    case (5, 84): candidate = .trace
    case (6, 68): candidate = .delete
    case (7, 79): candidate = .options
    case (7, 67): candidate = .connect
    default:
      self = .unknown
      return
    }
    self = matches(candidate) ? candidate : .unknown
  }
}
