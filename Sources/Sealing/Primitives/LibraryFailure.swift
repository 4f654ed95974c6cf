internal import COpenSSL

/// The error for a failed OpenSSL call.
///
/// The thread's error queue is emptied: TLS on the same thread reads it after each call, and a stale entry there would
/// be taken for a failure of the connection.
func libraryFailure(_ operation: String) -> SealingError {
  let code = ERR_peek_error()
  ERR_clear_error()
  return .library(operation: operation, libraryCode: UInt(code))
}
