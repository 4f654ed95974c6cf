/// What went wrong in sealing, opening, deriving or signing; it never carries any of the bytes involved.
public enum SealingError: Error, Sendable, Equatable {
  /// The sealed bytes, the key, the nonce or the associated data are not those of the seal; which one cannot be told.
  case authenticationFailed
  /// An argument has a length that the primitive does not take.
  case wrongLength(argument: String, expected: String, actual: Int)
  /// The text or bytes are not of a sealed form that this version reads.
  case malformed(form: String, reason: String)
  /// OpenSSL refused an operation; `libraryCode` is its error code (`openssl errstr` explains it in hexadecimal).
  case library(operation: String, libraryCode: UInt)

  /// A stable word for logs, metrics and comparison.
  public var code: String {
    switch self {
    case .authenticationFailed: "authentication_failed"
    case .wrongLength: "wrong_length"
    case .malformed: "malformed"
    case .library: "crypto_library"
    }
  }
}

extension SealingError: CustomStringConvertible {
  /// What happened and what to do, without any secret.
  public var description: String {
    switch self {
    case .authenticationFailed:
      "authentication failed: the sealed bytes were altered, or the key or the associated data is another; check the key"
    case .wrongLength(let argument, let expected, let actual):
      "\(argument) is \(actual) bytes long, expected \(expected)"
    case .malformed(let form, let reason):
      "not a \(form): \(reason)"
    case .library(let operation, let libraryCode):
      "OpenSSL could not \(operation) (error \(String(libraryCode, radix: 16))); check the OpenSSL 3 installation"
    }
  }
}
