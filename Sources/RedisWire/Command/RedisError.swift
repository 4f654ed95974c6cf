/// Why a command has no answer.
///
/// `sent` says whether bytes of the command may have reached the server. A command that was sent may have been carried out:
/// only one that is harmless to do twice may be repeated.
public enum RedisError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No connection could be made; the command was not sent.
  case connect(address: String, reason: String)
  /// The connection ended before the answer came.
  case closed(sent: Bool)
  /// The answer did not come in time.
  case timeout(sent: Bool)
  /// The server sent something that is not RESP, or more than the limits allow; the connection was closed.
  case protocolViolation(RESPError)
  /// The server answered an error. `code` is its first word, for instance `OOM`, `NOSCRIPT`, `READONLY`.
  case server(code: String, message: String)
  /// The caller gave up.
  case cancelled(sent: Bool)
  /// Too many commands wait already; this one was not sent.
  case overloaded(pending: Int)
  /// The URL asks for something that this client cannot do; the text says what.
  case unsupported(String)
}

extension RedisError {
  init(_ error: RedisServerError) {
    self = .server(code: error.code, message: error.message)
  }

  /// A stable name for logs and metrics.
  public var code: String {
    switch self {
    case .connect: "redis_connect"
    case .closed: "redis_closed"
    case .timeout: "redis_timeout"
    case .protocolViolation: "redis_protocol"
    case .server: "redis_server"
    case .cancelled: "redis_cancelled"
    case .overloaded: "redis_overloaded"
    case .unsupported: "redis_unsupported"
    }
  }

  /// Whether bytes of the command may have reached the server, which may then have carried it out.
  public var wasSent: Bool {
    switch self {
    case .closed(let sent), .timeout(let sent), .cancelled(let sent): sent
    case .protocolViolation, .server: true
    case .connect, .overloaded, .unsupported: false
    }
  }

  /// Whether the same command may succeed later without anybody changing anything. Look at `wasSent` before repeating it.
  public var isRetryable: Bool {
    switch self {
    case .connect, .closed, .timeout, .overloaded: true
    case .server(let code, _):
      ["LOADING", "READONLY", "MASTERDOWN", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "UNBLOCKED"].contains(code)
    case .protocolViolation, .cancelled, .unsupported: false
    }
  }

  /// What happened and what to do about it.
  public var description: String {
    switch self {
    case .connect(let address, let reason):
      "cannot connect to redis at \(address): \(reason); check REDIS_URL and that the server runs"
    case .closed(let sent):
      "the connection to redis ended before \(sent ? "the answer came" : "the command was sent")"
    case .timeout(let sent):
      sent
        ? "redis did not answer in time; the command may have been carried out"
        : "there was no connection to redis in time; the command was not sent"
    case .protocolViolation(let error): "redis sent a reply that cannot be read: \(error)"
    case .server(let code, let message): "redis answered \(code): \(message)"
    case .cancelled(let sent):
      sent
        ? "the command was cancelled after it was sent; it may have been carried out"
        : "the command was cancelled before it was sent"
    case .overloaded(let pending): "\(pending) redis commands wait already; slow down or try again later"
    case .unsupported(let text): text
    }
  }
}
