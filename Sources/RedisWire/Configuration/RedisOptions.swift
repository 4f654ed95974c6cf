public import Transport

/// How a client connects and how long it waits.
public struct RedisOptions: Sendable {
  /// What a connection is for.
  public enum Purpose: Sendable {
    /// Commands that Redis answers at once.
    case commands
    /// Commands that wait in Redis (`BLPOP`), which hold up whatever follows them on the same connection.
    ///
    /// One that nobody waits for any more, because it is late or cancelled, ends the connection: it would go on to wait in
    /// Redis and take what others wait for.
    case blocking
  }

  /// Where the server is and how to log in.
  public var url: RedisURL
  /// The name that `CLIENT LIST` shows; no blanks.
  public var clientName: String
  /// How long making a connection may take, from the look-up of the name to the end of the login.
  public var connectTimeout: Duration
  /// How long a command may take that names no deadline of its own, from the call to the answer.
  public var commandTimeout: Duration
  /// How many commands may wait, sent and unsent together, before `overloaded` is the answer.
  public var maxPending: Int
  /// How many bytes of unsent commands may wait while there is no connection.
  public var maxPendingBytes: Int
  /// Whether a command fails at once while there is no connection, or waits for one until its deadline.
  public var failFast: Bool
  /// What the connection is for.
  public var purpose: Purpose
  /// How long nothing may be heard before a `PING` goes out; a connection on which that stays unanswered is closed.
  public var idlePing: Duration
  /// How long to wait between attempts to connect.
  public var reconnect: ReconnectPolicy
  /// How large a reply may be.
  public var limits: RESPLimits
  /// Makes the TLS of each connection to a `rediss://` server.
  public var transform: (@EventLoop @Sendable () throws(TransportError) -> any ByteTransform)?

  /// Makes options with the defaults: 2 s to connect, 5 s a command, 10,000 commands and 64 MiB waiting.
  ///
  /// - Parameter security: whom TLS believes, for a `rediss://` URL; the others are spoken to without.
  public init(url: RedisURL, clientName: String = "whispercache", security: TLSContext? = nil) {
    self.url = url
    self.clientName = clientName
    connectTimeout = .seconds(2)
    commandTimeout = .seconds(5)
    maxPending = 10_000
    maxPendingBytes = 64 << 20
    failFast = false
    purpose = .commands
    idlePing = .seconds(5)
    reconnect = ReconnectPolicy()
    limits = .default
    transform = nil
    if url.isTLS, let security, case .tcp(let host, _) = url.endpoint {
      transform = { () throws(TransportError) in try security.client(of: host) }
    }
  }
}
