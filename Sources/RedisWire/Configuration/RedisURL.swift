public import Transport

/// Where a Redis server is and how to log in.
///
/// `redis://[user:password@]host[:port][/database]`, `rediss://` for the same over TLS, and
/// `unix://[user:password@]/path/to/socket[?db=database]`. User, password and path are percent-decoded.
///
/// - Source: https://www.iana.org/assignments/uri-schemes/prov/redis
public struct RedisURL: Sendable, Equatable {
  /// Where the server listens; an IPv6 address stands without its brackets.
  public var endpoint: Endpoint
  /// Whether the connection is encrypted (`rediss`).
  public var isTLS: Bool
  /// The user to log in as; nil is the server's default user.
  public var user: String?
  /// The password; nil is no login at all.
  public var password: String?
  /// The number of the database, 0 unless the URL says otherwise.
  public var database: Int

  /// Makes the URL of a server without a login.
  public init(_ endpoint: Endpoint, database: Int = 0) {
    self.endpoint = endpoint
    isTLS = false
    user = nil
    password = nil
    self.database = database
  }

  /// Reads a URL; the error names the part that is wrong and what is expected, never the text itself.
  public init(_ text: String) throws(RedisURLError) {
    self = try RedisURLReader(text).read()
  }
}

extension RedisURL: CustomStringConvertible {
  /// The URL with the password left out.
  public var description: String {
    let login = password == nil ? "" : "\(user ?? ""):***@"
    switch endpoint {
    case .tcp(let host, let port):
      let scheme = isTLS ? "rediss" : "redis"
      let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
      return "\(scheme)://\(login)\(isIPv6 ? "[\(host)]" : host):\(port)/\(database)"
    case .unix(let path): return "unix://\(login)\(path)?db=\(database)"
    }
  }
}
