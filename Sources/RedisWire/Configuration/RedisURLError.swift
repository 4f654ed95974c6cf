/// Why a text is not the URL of a Redis server. The text itself, which may hold a password, is never repeated.
public struct RedisURLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A stable name for logs and tests.
  public enum Code: String, Sendable {
    /// Not `redis`, `rediss` or `unix`.
    case scheme
    /// A scheme that is known and not supported yet.
    case unsupported
    /// No host, or one with characters that no host has.
    case host
    /// Not an integer from 1 to 65535.
    case port
    /// A user without a password, or the reverse of it.
    case credentials
    /// Not an integer from 0 to 2147483647.
    case database
    /// A path where none belongs, or no path where one must be.
    case path
    /// An unknown parameter.
    case parameter
    /// `%` without two hex digits, or bytes that are not UTF-8.
    case encoding
  }

  /// A stable name for logs and tests.
  public let code: Code
  /// What is wrong and what is expected.
  public let description: String
}
