import Glibc

/// A connected socket of a test: blocking reads and writes with one timeout, independent of the code under test.
public final class BlockingSocket: Sendable {
  /// The descriptor, for tests that need more than this class offers.
  public let descriptor: Int32
  private let name: String

  /// Connects to `address`; each later read and write gives up after `timeout`.
  public init(to address: SocketAddress, timeout: Duration = .seconds(10)) throws(SupportError) {
    let socket = address.makeSocket()
    guard socket >= 0 else { throw .system("socket", errno) }
    guard address.connect(socket) == 0 else {
      let code = errno
      close(socket)
      throw .system("connect \(address)", code)
    }
    var limit = timeval(
      tv_sec: Int(timeout.components.seconds), tv_usec: Int(timeout.components.attoseconds / 1_000_000_000_000))
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    descriptor = socket
    name = address.description
  }

  deinit { close(descriptor) }

  /// Writes all of `bytes`.
  public func write(_ bytes: [UInt8]) throws(SupportError) {
    var sent = 0
    while sent < bytes.count {
      let n = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if n < 0 && errno == EINTR { continue }
      if n < 0 { throw .system("write to \(name)", errno) }
      sent += n
    }
  }

  /// Writes `text` as UTF-8.
  public func write(_ text: String) throws(SupportError) { try write(Array(text.utf8)) }

  /// Reads what is there, at least one byte, at most `limit`; an empty array means the peer ended.
  public func read(upTo limit: Int = 65536) throws(SupportError) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: limit)
    while true {
      let n = recv(descriptor, &chunk, limit, 0)
      if n < 0 && errno == EINTR { continue }
      if n < 0 { throw .system("read from \(name)", errno) }
      return Array(chunk[..<n])
    }
  }

  /// Reads until the peer ends.
  public func readAll() throws(SupportError) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let chunk = try read()
      if chunk.isEmpty { return all }
      all += chunk
    }
  }

  /// Tells the peer that nothing more comes.
  public func shutDownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}
