import Transport

/// Bounds and deadlines of an `HTTPClient`.
public struct HTTPClientOptions: Sendable {
  /// How long a connection may take to come about.
  public var connectTimeout = Duration.seconds(5)
  /// How long a whole answer may take, or the head of a streamed one, from the call.
  public var timeout = Duration.seconds(30)
  /// How long a streamed body may be silent.
  public var streamTimeout = Duration.seconds(60)
  /// The most bytes of a collected body.
  public var bodyLimit = 64 << 20
  /// How many idle connections are kept.
  public var idleConnections = 8
  /// What heads and framing may cost.
  public var limits = HTTPLimits()
  /// Fields sent with every request, such as Authorization.
  public var headers = HTTPHeaders()

  /// Makes the default options.
  public init() {}
}
