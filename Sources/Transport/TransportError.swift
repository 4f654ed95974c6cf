import Glibc

/// Why bytes could not be moved.
public enum TransportError: Error, Sendable, Equatable {
  /// A name has no address, or the resolver failed; `reason` is the resolver's text.
  case nameNotResolved(name: String, reason: String)
  /// The deadline of `operation` passed.
  case timedOut(operation: String, peer: String)
  /// The kernel refused `operation` (connect, bind, read ...).
  case system(operation: String, peer: String, errno: Int32)
  /// A path or host that no socket can be made for.
  case badEndpoint(String)
  /// The byte transform (TLS) refused what the peer sent.
  case transform(String)
  /// The caller's task was cancelled.
  case cancelled
}

extension TransportError: CustomStringConvertible {
  /// A stable slug, for logs and metrics.
  public var code: String {
    switch self {
    case .nameNotResolved: "name_not_resolved"
    case .timedOut: "timed_out"
    case .system(_, _, ECONNREFUSED): "connection_refused"
    case .system(_, _, ECONNRESET), .system(_, _, EPIPE): "connection_reset"
    case .system(_, _, EADDRINUSE): "address_in_use"
    case .system: "system_error"
    case .badEndpoint: "bad_endpoint"
    case .transform: "transform_failed"
    case .cancelled: "cancelled"
    }
  }

  /// What happened, with whom, and what to look at.
  public var description: String {
    switch self {
    case .nameNotResolved(let name, let reason):
      "the name \(name) could not be resolved: \(reason); check the spelling and the machine's resolver"
    case .timedOut(let operation, let peer):
      "\(operation) \(peer) did not finish in time; check that it runs and that nothing drops its packets"
    case .system(let operation, let peer, ECONNREFUSED):
      "\(operation) \(peer) was refused; check that something listens there"
    case .system(let operation, let peer, EADDRINUSE):
      "\(operation) \(peer): the address is in use; stop the other program or choose another port"
    case .system(let operation, let peer, let number):
      "\(operation) \(peer): \(String(cString: strerror(number)))"
    case .badEndpoint(let text):
      "\(text) is no address to connect to or listen on"
    case .transform(let reason):
      "the secured connection failed: \(reason)"
    case .cancelled:
      "the operation was cancelled"
    }
  }
}
