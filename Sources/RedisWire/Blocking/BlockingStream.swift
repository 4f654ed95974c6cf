import Glibc
import Transport

/// A connected stream socket whose calls wait, each at most until a deadline.
struct BlockingStream: ~Copyable {
  private let descriptor: Int32
  private var sendLimit = WaitLimit(option: SO_SNDTIMEO)
  private var receiveLimit = WaitLimit(option: SO_RCVTIMEO)

  /// Connects; every address of the name is tried.
  init(to endpoint: Endpoint, deadline: ContinuousClock.Instant) throws(RedisError) {
    switch endpoint {
    case .unix(let path): descriptor = try Self.connect(path: path, deadline: deadline)
    case .tcp(let host, let port): descriptor = try Self.connect(host: host, port: port, deadline: deadline)
    }
  }

  deinit { close(descriptor) }

  /// Sends everything, or throws `timeout` or `closed`.
  mutating func send(_ bytes: [UInt8], deadline: ContinuousClock.Instant) throws(RedisError) {
    var sent = 0
    while sent < bytes.count {
      guard sendLimit.renew(descriptor, until: deadline) else { throw .timeout(sent: sent > 0) }
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.send(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno != EINTR && errno != EAGAIN {
        throw .closed(sent: sent > 0)
      }
    }
  }

  /// Appends what there is to `buffer`, waiting for at least one byte; throws `timeout` or `closed`.
  mutating func receive(into buffer: inout ByteBuffer, deadline: ContinuousClock.Instant) throws(RedisError) {
    while true {
      guard receiveLimit.renew(descriptor, until: deadline) else { throw .timeout(sent: true) }
      let count = withUnsafeTemporaryAllocation(byteCount: 32 << 10, alignment: 16) { space in
        let count = recv(descriptor, space.baseAddress, space.count, 0)
        if count > 0 { buffer.append(UnsafeRawBufferPointer(rebasing: space[..<count])) }
        return count
      }
      if count > 0 { return }
      if count == 0 || (errno != EINTR && errno != EAGAIN) { throw .closed(sent: true) }
    }
  }

  private static func connect(path: String, deadline: ContinuousClock.Instant) throws(RedisError) -> Int32 {
    var address = sockaddr_un()
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw .connect(address: "unix:\(path)", reason: "the path is too long for a socket")
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return try withUnsafePointer(to: &address) { pointer throws(RedisError) in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer throws(RedisError) in
        try connect(pointer, socklen_t(MemoryLayout<sockaddr_un>.size), name: "unix:\(path)", deadline: deadline)
      }
    }
  }

  private static func connect(
    host: String, port: Int, deadline: ContinuousClock.Instant
  ) throws(RedisError) -> Int32 {
    let name = "\(Endpoint.tcp(host: host, port: port))"
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(host, String(port), &hints, &list)
    guard failure == 0, let list else {
      throw .connect(address: name, reason: "the name was not found: \(String(cString: gai_strerror(failure)))")
    }
    defer { freeaddrinfo(list) }
    var last = RedisError.connect(address: name, reason: "the name has no address")
    for entry in sequence(first: list, next: { $0.pointee.ai_next }) {
      guard let address = entry.pointee.ai_addr else { continue }
      do throws(RedisError) {
        let descriptor = try connect(address, entry.pointee.ai_addrlen, name: name, deadline: deadline)
        var enabled: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
      } catch {
        last = error
      }
    }
    throw last
  }

  private static func connect(
    _ address: UnsafePointer<sockaddr>, _ length: socklen_t, name: String, deadline: ContinuousClock.Instant
  ) throws(RedisError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(Int32(address.pointee.sa_family), type, 0)
    guard descriptor >= 0 else { throw .connect(address: name, reason: String(cString: strerror(errno))) }
    guard WaitLimit.set(descriptor, SO_SNDTIMEO, to: ContinuousClock.now.duration(to: deadline)) else {
      close(descriptor)
      throw .connect(address: name, reason: "no connection in time")
    }
    if Glibc.connect(descriptor, address, length) == 0 { return descriptor }
    // The kernel answers EINPROGRESS (TCP) or EAGAIN (unix) when the time of SO_SNDTIMEO is over.
    let number = errno
    close(descriptor)
    let isLate = number == EINPROGRESS || number == EAGAIN
    throw .connect(address: name, reason: isLate ? "no connection in time" : String(cString: strerror(number)))
  }
}
