import Transport

/// What a route does with its request.
public enum RouteHandler: Sendable {
  /// Answers at once, without a task: for probes, metrics and whatever waits for nothing.
  case immediate(@EventLoop @Sendable (HTTPRequest) throws -> HTTPResponse)
  /// Answers in a task on the loop, which is cancelled when the client goes away.
  case async(@EventLoop @Sendable (HTTPRequest) async throws -> HTTPResponse)
}

/// What a route takes.
public struct RouteOptions: Sendable {
  /// How a handler gets the body.
  public enum Body: Sendable {
    /// As a whole, in `HTTPRequest.body`.
    case collected
    /// Piece by piece, through `HTTPRequest.bodyStream`; the handler runs as soon as the head is there.
    case streamed
  }

  /// How the handler gets the body.
  public var body: Body
  /// The most bytes of a body; more are 413.
  public var bodyLimit: Int
  /// Whether a client that sends its body slowly is cut off (`HTTPServerOptions.bodyBytesPerSecond`).
  public var demandsProgress: Bool

  /// Makes options.
  public init(body: Body = .collected, bodyLimit: Int = 1 << 20, demandsProgress: Bool = true) {
    self.body = body
    self.bodyLimit = bodyLimit
    self.demandsProgress = demandsProgress
  }

  /// Whole bodies of up to 1 MiB.
  public static let standard = RouteOptions()
}

/// A method and a path template with its handler.
public final class Route: Sendable {
  /// The method.
  public let method: HTTPMethod
  /// The path with its parameters, `/things/{id}`: a label for metrics with few values.
  public let template: String
  /// What the route takes.
  public let options: RouteOptions
  /// What it does.
  public let handler: RouteHandler
  /// The names in braces, in order.
  public let parameterNames: [String]

  let segments: [Segment]

  enum Segment: Sendable, Hashable {
    case literal([UInt8])
    case parameter(String)
  }

  /// Makes a route.
  ///
  /// - Precondition: the template begins with `/` and names no parameter twice; a mistake in it is a mistake in code.
  public init(_ method: HTTPMethod, _ template: String, options: RouteOptions = .standard, handler: RouteHandler) {
    precondition(template.hasPrefix("/"), "the template \(template) does not begin with /")
    self.method = method
    self.template = template
    self.options = options
    self.handler = handler
    let parts = template == "/" ? [] : template.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    segments = parts.map { part in
      guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(Array(part.utf8)) }
      return .parameter(String(part.dropFirst().dropLast()))
    }
    parameterNames = segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    precondition(
      Set(parameterNames).count == parameterNames.count && !parameterNames.contains(""),
      "the parameters of \(template) need different names")
  }
}
