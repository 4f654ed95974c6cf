import Glibc

/// TCP ports of the loopback interface that nobody listens on.
public enum FreePort {
  /// A port that was free a moment ago. Prefer port 0 where the program under test prints the port that it got.
  public static func next() throws(SupportError) -> Int {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw .system("socket", errno) }
    defer { close(socket) }
    let address = SocketAddress.loopback(port: 0)
    guard address.bind(socket) == 0 else { throw .system("bind", errno) }
    return address.localPort(of: socket)
  }
}
