/// Where to connect to or listen on.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// A host name or literal address, IPv4 or IPv6, and a port (0 when listening: any free one).
  case tcp(host: String, port: Int)
  /// A unix socket's path, at most 107 bytes.
  case unix(path: String)

  /// `host:port`, `[v6]:port` or `unix:path`.
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}
