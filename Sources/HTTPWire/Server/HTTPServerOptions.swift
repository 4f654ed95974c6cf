import Transport

/// Bounds, deadlines and hooks of an `HTTPServer`.
public struct HTTPServerOptions: Sendable {
  /// What heads and framing may cost.
  public var limits = HTTPLimits()
  /// The most connections; further ones get 503 and are closed.
  public var maxConnections = 20_000
  /// The most bytes of collected bodies in memory at one time, over all connections; beyond it requests get 503.
  public var maxBufferedBodyBytes = 256 << 20
  /// How long a head may take from its first byte; then 408.
  public var headTimeout = Duration.seconds(10)
  /// How long a connection without a request is kept.
  public var idleTimeout = Duration.seconds(75)
  /// The least speed of a request's body, while it is waited for; below it 408.
  public var bodyBytesPerSecond = 50
  /// Over which time that speed is measured.
  public var bodyWindow = Duration.seconds(10)
  /// How long a client may take no byte of its answer before it is cut off.
  public var writeTimeout = Duration.seconds(30)
  /// How long a connection is read on after a last answer, so that the answer is not lost by a reset.
  public var lingerTimeout = Duration.seconds(1)

  /// Called for each head before anything else: the address of who sent it, where the peer of the connection is a proxy
  /// that names its caller; it is the request's `peer` from then on.
  public var peer: (@EventLoop @Sendable (HTTPRequestHead, _ peer: String) -> String)?
  /// Called first for each request when its head is there and its route, if any, is known; what it returns goes with the
  /// request, through its handler to its exchange. For what the owner wants to know again, such as a trace.
  public var context: (@EventLoop @Sendable (HTTPRequest) -> (any Sendable)?)?
  /// Called for each request when its head is there and its route, if any, is known; an answer from here is sent
  /// instead of the handler's, and the body is not read. For authentication, rate limits and cross-origin rules.
  public var before: (@EventLoop @Sendable (HTTPRequest) -> HTTPResponse?)?
  /// Called for each response before it is written, to add fields.
  public var adjust: (@EventLoop @Sendable (HTTPRequest, inout HTTPResponse) -> Void)?
  /// Called after each response. For logs and metrics.
  public var onExchange: (@EventLoop @Sendable (HTTPExchange) -> Void)?
  /// Called with what a handler threw that is no `Problem`; the client learns only the request's id.
  public var onError: (@EventLoop @Sendable (any Error, HTTPRequest) -> Void)?

  /// Makes the default options.
  public init() {}

  /// How often deadlines are looked at: often enough for the shortest one, at most once a second.
  var sweepInterval: Duration {
    let shortest = min(headTimeout, idleTimeout, bodyWindow, writeTimeout, lingerTimeout)
    return max(.milliseconds(5), min(.seconds(1), shortest / 4))
  }
}

extension Duration {
  /// Whole nanoseconds; durations beyond 292 years count as that.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || carried ? .max : sum
  }
}
