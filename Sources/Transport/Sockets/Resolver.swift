import CLinux
import Glibc
import Synchronization

/// Turns host names into addresses on threads of its own, so that a resolver that hangs delays nobody else.
///
/// `getaddrinfo` cannot be interrupted. A look-up that passes its deadline is given up by the caller; its thread ends
/// when the C library comes back. At most `threadLimit` threads exist; further look-ups wait in line.
public final class Resolver: Sendable {
  /// The blocking look-up itself: host and port to addresses in the order in which to try them.
  public typealias Lookup = @Sendable (_ host: String, _ port: Int) -> Result<[SocketAddress], TransportError>

  /// The resolver of the process, over `getaddrinfo`.
  public static let shared = Resolver()

  private struct Waiting: Sendable {
    let run: @Sendable () -> Void
  }

  private struct State {
    var line: [Waiting] = []
    var threads = 0
  }

  private static let threadLimit = 8
  private let state = Mutex(State())
  private let lookup: Lookup

  /// A resolver over another look-up, for tests.
  public init(lookup: @escaping Lookup = Resolver.systemLookup) { self.lookup = lookup }

  /// Resolves `host`; a literal address needs no thread.
  ///
  /// - Throws: `nameNotResolved`, or `timedOut` after `deadline`.
  @EventLoop
  public func resolve(_ host: String, port: Int, deadline: Duration) async throws(TransportError) -> [SocketAddress] {
    if let literal = Self.literal(host, port: port) { return [literal] }
    let answer = Answer()
    let result: Result<[SocketAddress], TransportError> = await withCheckedContinuation { continuation in
      answer.begin(continuation, deadline: deadline, name: host)
      enqueue(
        Waiting { [lookup] in
          let found = lookup(host, port)
          EventLoop.post { answer.end(found) }
        })
    }
    return try result.get()
  }

  private func enqueue(_ waiting: Waiting) {
    let needsThread = state.withLock { state in
      state.line.append(waiting)
      guard state.threads < Self.threadLimit else { return false }
      state.threads += 1
      return true
    }
    guard needsThread else { return }
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        wc_name_thread("resolver")
        Unmanaged<Resolver>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    if failure == 0 {
      pthread_detach(thread)
    } else {
      // No thread to be had: the line is served by those that exist, or each caller's deadline ends its wait.
      Unmanaged.passUnretained(self).release()
      state.withLock { $0.threads -= 1 }
    }
  }

  private func work() {
    while let next = state.withLock({ state -> Waiting? in
      if state.line.isEmpty {
        state.threads -= 1
        return nil
      }
      return state.line.removeFirst()
    }) {
      next.run()
    }
  }

  /// `getaddrinfo` for a stream socket; IPv4 and IPv6 in the system's order of preference.
  public static let systemLookup: Lookup = { host, port in
    query(host, port: port, flags: AI_ADDRCONFIG)
  }

  /// The address when `host` is a literal one.
  static func literal(_ host: String, port: Int) -> SocketAddress? {
    guard case .success(let found) = query(host, port: port, flags: AI_NUMERICHOST) else { return nil }
    return found.first
  }

  private static func query(_ host: String, port: Int, flags: Int32) -> Result<[SocketAddress], TransportError> {
    guard (0...65535).contains(port) else { return .failure(.badEndpoint("\(host):\(port)")) }
    var hints = addrinfo()
    hints.ai_flags = flags | AI_NUMERICSERV
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(host, String(port), &hints, &list)
    guard failure == 0, let list else {
      return .failure(.nameNotResolved(name: host, reason: String(cString: gai_strerror(failure))))
    }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    for entry in sequence(first: list, next: { $0.pointee.ai_next }) {
      guard let address = entry.pointee.ai_addr else { continue }
      found.append(SocketAddress(address, length: entry.pointee.ai_addrlen))
    }
    if found.isEmpty { return .failure(.nameNotResolved(name: host, reason: "no address")) }
    return .success(found)
  }
}

/// One look-up's answer: the thread's or the deadline's, whichever comes first.
@EventLoop
private final class Answer {
  private var continuation: CheckedContinuation<Result<[SocketAddress], TransportError>, Never>?
  private var timer: LoopTimer?

  nonisolated init() {}

  func begin(
    _ continuation: CheckedContinuation<Result<[SocketAddress], TransportError>, Never>, deadline: Duration,
    name: String
  ) {
    self.continuation = continuation
    timer = EventLoop.after(deadline) {
      self.end(.failure(.timedOut(operation: "resolving the name", peer: name)))
    }
  }

  func end(_ result: Result<[SocketAddress], TransportError>) {
    timer?.cancel()
    continuation?.resume(returning: result)
    continuation = nil
  }
}
