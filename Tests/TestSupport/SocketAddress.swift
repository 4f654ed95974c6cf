import Glibc

/// A socket address that tests connect to or listen on.
public enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
  /// 127.0.0.1 and a port; 0 lets the kernel choose.
  case loopback(port: Int)
  /// A unix socket.
  case unix(path: String)

  /// `127.0.0.1:port` or the path.
  public var description: String {
    switch self {
    case .loopback(let port): "127.0.0.1:\(port)"
    case .unix(let path): path
    }
  }

  var family: Int32 {
    switch self {
    case .loopback: AF_INET
    case .unix: AF_UNIX
    }
  }

  func makeSocket() -> Int32 {
    Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  func bind(_ socket: Int32) -> Int32 { withAddress { Glibc.bind(socket, $0, $1) } }

  func connect(_ socket: Int32) -> Int32 { withAddress { Glibc.connect(socket, $0, $1) } }

  func localPort(of socket: Int32) -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private func withAddress<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
    switch self {
    case .loopback(let port):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
      address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
      return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    case .unix(let path):
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { room in
        precondition(path.utf8.count < room.count, "unix socket path is too long: \(path)")
        room.copyBytes(from: path.utf8)
      }
      return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
      }
    }
  }
}
