import Glibc

/// A resolved address: the bytes of a `sockaddr`.
public struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
  private let bytes: [UInt8]

  init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
    bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
  }

  /// The address of a unix socket; `TransportError.badEndpoint` when the path is empty or too long for the kernel.
  init(unixPath path: String) throws(TransportError) {
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path)
    let path = Array(path.utf8)
    guard !path.isEmpty, path.count < room, !path.contains(0) else {
      throw .badEndpoint("a unix socket path of \(path.count) bytes (1 to \(room - 1) are possible)")
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    bytes = withUnsafeBytes(of: &address) { Array($0) }
  }

  /// AF_INET, AF_INET6 or AF_UNIX.
  var family: Int32 { withPointer { address, _ in Int32(address.pointee.sa_family) } }

  func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    var storage = sockaddr_storage()
    let length = min(bytes.count, MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { raw in
      raw.copyBytes(from: bytes.prefix(length))
      return raw.withMemoryRebound(to: sockaddr.self) { addresses in
        guard let first = addresses.baseAddress else { preconditionFailure("sockaddr_storage has no bytes") }
        return body(first, socklen_t(length))
      }
    }
  }

  /// `127.0.0.1:4000`, `[::1]:4000` or `unix`.
  public var description: String {
    if family == AF_UNIX { return "unix" }
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let failure = withPointer { address, length in
      getnameinfo(
        address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV)
    }
    if failure != 0 { return "unknown" }
    let text = (host: Self.text(host), port: Self.text(port))
    return family == AF_INET6 ? "[\(text.host)]:\(text.port)" : "\(text.host):\(text.port)"
  }

  /// The port, 0 for a unix socket.
  var port: Int {
    switch family {
    case AF_INET: big16(at: 2)
    case AF_INET6: big16(at: 2)
    default: 0
    }
  }

  private func big16(at offset: Int) -> Int {
    bytes.count >= offset + 2 ? Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) : 0
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
