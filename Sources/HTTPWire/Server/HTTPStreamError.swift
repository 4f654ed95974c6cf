/// Why a body cannot be read or written on.
public enum HTTPStreamError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The other side sent what is not HTTP, or more than the limit.
  case invalid(HTTPParseError)
  /// The other side has gone, or the task was cancelled because of that.
  case disconnected
  /// The other side was too slow.
  case timedOut

  /// The stable name of the error, in snake_case.
  public var code: String {
    switch self {
    case .invalid(let error): error.code
    case .disconnected: "disconnected"
    case .timedOut: "timed_out"
    }
  }

  /// What happened.
  public var description: String {
    switch self {
    case .invalid(let error): error.description
    case .disconnected: "the other side closed the connection before the body was whole"
    case .timedOut: "the body came too slowly; send it faster or in smaller parts"
    }
  }
}

extension Problem {
  /// What a failed body says to the client, if it is still there.
  init(_ error: HTTPStreamError) {
    switch error {
    case .invalid(let error): self.init(error)
    case .disconnected:
      self.init(.badRequest, "disconnected", "The request is not whole", detail: error.description)
    case .timedOut:
      self.init(.requestTimeout, "request-timeout", "The request came too slowly", detail: error.description)
    }
  }
}
