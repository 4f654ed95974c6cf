import CLinux
import Glibc

/// System calls on stream sockets, with errno turned into `TransportError`.
enum Socket {
  /// A non-blocking, close-on-exec stream socket.
  static func open(for address: SocketAddress) throws(TransportError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, type, 0)
    if descriptor < 0 { throw failure("socket for", "\(address)") }
    return descriptor
  }

  /// No delay for small writes; a dead peer is noticed within about a minute even when nothing is sent.
  static func tune(_ descriptor: Int32, family: Int32) {
    guard family != AF_UNIX else { return }
    set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
    set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30)
    set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
    set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
  }

  static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// SO_ERROR: what became of a connect in progress; 0 is success.
  static func pendingError(_ descriptor: Int32) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length) == 0 ? value : errno
  }

  static func localAddress(_ descriptor: Int32) -> SocketAddress? { address(descriptor, getsockname) }

  static func peerAddress(_ descriptor: Int32) -> SocketAddress? { address(descriptor, getpeername) }

  private static func address(
    _ descriptor: Int32, _ call: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
  ) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        call(descriptor, address, &length) == 0 ? SocketAddress(address, length: length) : nil
      }
    }
  }

  /// The present errno as an error of `operation`.
  static func failure(_ operation: String, _ peer: String) -> TransportError {
    .system(operation: operation, peer: peer, errno: errno)
  }
}
