public import Transport

/// Why a request got no answer.
public enum HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No connection: the server did not get the request.
  case connect(TransportError)
  /// TLS failed: the certificate is not taken, or what came is none of the session's.
  case secured(TransportError)
  /// The connection ended before the answer was whole; when `sent`, the server may have acted on the request.
  case disconnected(sent: Bool, peer: String)
  /// The deadline of the request passed; the server may have acted on it.
  case timedOut(peer: String)
  /// The answer is not HTTP.
  case invalid(HTTPParseError, peer: String)
  /// The answer is larger than the limit, in bytes.
  case bodyTooLarge(limit: Int)
  /// The request's target is not a path of visible ASCII.
  case malformedTarget(String)
  /// The caller's task was cancelled.
  case cancelled

  /// The stable name of the error, in snake_case.
  public var code: String {
    switch self {
    case .connect(let error), .secured(let error): error.code
    case .disconnected: "disconnected"
    case .timedOut: "timed_out"
    case .invalid(let error, _): error.code
    case .bodyTooLarge: "body_too_large"
    case .malformedTarget: "malformed_target"
    case .cancelled: "cancelled"
    }
  }

  /// Whether the same request can be sent again without harm: the server cannot have acted on it.
  public var isRetryable: Bool {
    switch self {
    case .connect: true
    case .disconnected(let sent, _): !sent
    default: false
    }
  }

  /// What happened and what to look at.
  public var description: String {
    switch self {
    case .connect(let error), .secured(let error): error.description
    case .disconnected(let sent, let peer):
      "\(peer) closed the connection \(sent ? "before its answer was whole" : "before the request was sent")"
        + "; look at the server's log"
    case .timedOut(let peer): "\(peer) did not answer in time; it may be overloaded, or the time too short"
    case .invalid(let error, let peer):
      "\(peer) answered with what is not HTTP (\(error.code)); check the address and the port"
    case .bodyTooLarge(let limit): "the answer is larger than \(limit) bytes; ask for less, or read it as a stream"
    case .malformedTarget(let target):
      "\(target.debugDescription) is no request target; percent-encode what is not visible ASCII"
    case .cancelled: "the request was cancelled"
    }
  }
}
