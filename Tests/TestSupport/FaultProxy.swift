import Foundation
import Glibc
import Synchronization

/// A proxy on the loopback interface, between a client and a server under test, whose faults a test switches.
///
/// One thread carries all connections. Each switch has taken effect when its call returns.
public final class FaultProxy: Sendable {
  /// What happens to bytes.
  public enum Mode: Sendable, Equatable {
    /// They pass.
    case forward
    /// They pass, each piece this much later.
    case delay(Duration)
    /// Connections are accepted and stay open; no byte passes in either direction. What was held passes after a switch
    /// back to `forward`.
    case blackHole
    /// Requests reach the server; its replies stay in the proxy.
    case holdReplies
    /// A new connection is reset at once; those that are open go on.
    case refuse
  }

  /// The address that the client connects to.
  public let address: SocketAddress
  private let core: FaultProxyCore

  /// Listens on a free TCP port (or on the unix socket `listen`) and forwards to `server`.
  public init(to server: SocketAddress, listen: SocketAddress = .loopback(port: 0)) throws(SupportError) {
    let socket = listen.makeSocket()
    guard socket >= 0 else { throw .system("socket", errno) }
    guard listen.bind(socket) == 0, Glibc.listen(socket, 512) == 0 else {
      let code = errno
      close(socket)
      throw .system("listen on \(listen)", code)
    }
    address = if case .loopback = listen { .loopback(port: listen.localPort(of: socket)) } else { listen }
    core = try FaultProxyCore(listener: socket, server: server)
    let core = self.core
    let thread = Thread { core.run() }
    thread.name = "fault-proxy"
    thread.start()
  }

  deinit { core.command { $0.isStopped = true } }

  /// The TCP port, 0 for a unix socket.
  public var port: Int {
    if case .loopback(let port) = address { return port }
    return 0
  }

  /// `redis://127.0.0.1:port/0` or `unix://path`.
  public var redisURL: String {
    switch address {
    case .loopback(let port): "redis://127.0.0.1:\(port)/0"
    case .unix(let path): "unix://\(path)"
    }
  }

  /// Switches to `mode`, for bytes that come from now on.
  public func set(_ mode: Mode) { core.command { $0.mode = mode } }

  /// Cuts every open connection, both sides, by a reset; bytes in the proxy are lost.
  public func cut() { core.command { $0.cutAll() } }

  /// Cuts the next connection that sends, right after `bytes` of its bytes have been handed to the server, and before
  /// any reply to them passes: "sent, but never answered".
  public func cutAfterSending(bytes: Int) { core.command { $0.cutAfter = bytes } }

  /// Ends the server's side of every connection for the client: it reads the end, and can still write.
  public func halfClose() { core.command { $0.halfCloseAll() } }

  /// Connections open now.
  public var openConnections: Int { core.state.withLock { $0.open } }
  /// Connections accepted since the start.
  public var acceptedConnections: Int { core.state.withLock { $0.accepted } }
  /// Bytes that clients sent, whether they were passed on or not.
  public var bytesFromClients: Int { core.state.withLock { $0.bytesFromClients } }
}
