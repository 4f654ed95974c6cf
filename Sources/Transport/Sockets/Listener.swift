import CLinux
import Glibc

/// A listening socket on the loop.
@EventLoop
public final class Listener: EventSource {
  private static let acceptsPerTick = 64
  /// How long to leave the door shut when the process is out of descriptors.
  private static let pause = Duration.milliseconds(100)

  /// The bound port; 0 for a unix socket.
  public let port: Int
  /// Accepts that failed for want of descriptors or memory; connections wait in the backlog meanwhile.
  public private(set) var refusals = 0

  private let descriptor: Int32
  private let path: String?
  private let onAccept: @EventLoop (Connection) -> Void
  private var token: UInt64 = 0
  private var isOpen = true

  private init(descriptor: Int32, path: String?, onAccept: @escaping @EventLoop (Connection) -> Void) {
    self.descriptor = descriptor
    self.path = path
    self.onAccept = onAccept
    port = Socket.localAddress(descriptor)?.port ?? 0
  }

  /// Listens on `endpoint`: a literal address (`0.0.0.0`, `::`, `127.0.0.1`, also `localhost`) or a unix path.
  ///
  /// A unix socket file that nobody listens on any more is replaced.
  /// - Throws: `system` (address in use, permission) or `badEndpoint`.
  public static func bind(
    _ endpoint: Endpoint, backlog: Int32 = 1024, onAccept: @escaping @EventLoop (Connection) -> Void
  ) throws(TransportError) -> Listener {
    let address: SocketAddress
    var path: String?
    switch endpoint {
    case .unix(let file):
      address = try SocketAddress(unixPath: file)
      path = file
      removeStale(address, file)
    case .tcp(let host, let port):
      guard let literal = Resolver.literal(host == "localhost" ? "127.0.0.1" : host, port: port) else {
        throw .badEndpoint("\(endpoint) (an address such as 0.0.0.0, :: or 127.0.0.1 is needed)")
      }
      address = literal
    }
    let descriptor = try Socket.open(for: address)
    Socket.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    guard address.withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0 else {
      let failure = Socket.failure("listening on", "\(endpoint)")
      Glibc.close(descriptor)
      throw failure
    }
    let listener = Listener(descriptor: descriptor, path: path, onAccept: onAccept)
    guard let token = LoopCore.shared.watch(descriptor, EPOLLIN.rawValue | EPOLLET.rawValue, listener) else {
      let failure = Socket.failure("watching", "\(endpoint)")
      Glibc.close(descriptor)
      throw failure
    }
    listener.token = token
    return listener
  }

  private static func removeStale(_ address: SocketAddress, _ path: String) {
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard probe >= 0 else { return }
    defer { Glibc.close(probe) }
    if address.withPointer({ Glibc.connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED { unlink(path) }
  }

  /// Stops listening; accepted connections go on.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    LoopCore.shared.forget(descriptor, token)
    Glibc.close(descriptor)
    if let path { unlink(path) }
  }

  func ready(_ events: UInt32) { acceptSome() }

  private func acceptSome() {
    for _ in 0..<Self.acceptsPerTick {
      guard isOpen else { return }
      let accepted = wc_accept(descriptor)
      if accepted >= 0 {
        do {
          onAccept(try Connection(adopting: accepted, peer: Socket.peerAddress(accepted)))
        } catch {
          refusals += 1
        }
        continue
      }
      switch errno {
      case EAGAIN: return
      case EINTR, ECONNABORTED: continue
      default:
        refusals += 1
        EventLoop.after(Self.pause) { [weak self] in self?.acceptSome() }
        return
      }
    }
    LoopCore.shared.atEndOfTick { [weak self] in self?.acceptSome() }
  }
}
