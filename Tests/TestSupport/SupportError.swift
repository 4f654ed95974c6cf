/// What went wrong in the test's surroundings (never in the code under test).
public struct SupportError: Error, CustomStringConvertible, Sendable {
  /// What happened, with which value, and what to do.
  public let description: String

  /// Makes an error that says `description`.
  public init(_ description: String) { self.description = description }

  /// The last system call's error as text, after the name of what was tried.
  static func system(_ operation: String, _ code: Int32) -> SupportError {
    SupportError("\(operation): \(String(cString: strerror(code))) (errno \(code))")
  }
}

import Glibc
