import HTTPWire
import Jobs

extension JobError {
  /// What a handler throws: a problem for the caller, or, where the cause is for the log alone, this error itself, which
  /// the server logs and answers with 500.
  var forCaller: any Error {
    switch self {
    case .seal, .unexpectedReply: self
    default: Problem(self)
    }
  }
}
