import CLinux
import Glibc

extension Connection {
  /// Connects to `endpoint`: resolves the name anew, then tries every address in turn.
  ///
  /// - Parameters:
  ///   - timeout: for everything together; an address that does not answer is left after its share of the time.
  ///   - transform: made for each connection, TLS for instance.
  /// - Throws: the last address's error, `timedOut`, `nameNotResolved` or `cancelled`.
  public static func connect(
    to endpoint: Endpoint, timeout: Duration, resolver: Resolver = .shared,
    transform: (@EventLoop () throws(TransportError) -> any ByteTransform)? = nil
  ) async throws(TransportError) -> Connection {
    let deadline = monotonicNanoseconds().addingReportingOverflow(timeout.clampedNanoseconds)
    let end = deadline.overflow ? .max : deadline.partialValue
    var addresses: [SocketAddress] = []
    switch endpoint {
    case .unix(let path): addresses = [try SocketAddress(unixPath: path)]
    case .tcp(let host, let port): addresses = try await resolver.resolve(host, port: port, deadline: timeout)
    }
    var last = TransportError.timedOut(operation: "connecting to", peer: "\(endpoint)")
    for (index, address) in addresses.enumerated() {
      if Task.isCancelled { throw .cancelled }
      let share = (end - monotonicNanoseconds()) / Int64(addresses.count - index)
      if share <= 0 { break }
      do {
        // First, as it may fail: a descriptor that nobody owns yet would stay open.
        let transform = try transform?()
        let descriptor = try await ConnectAttempt().run(address, timeout: .nanoseconds(share), name: "\(endpoint)")
        return try Connection(adopting: descriptor, peer: address, transform: transform)
      } catch {
        last = error
      }
    }
    throw last
  }
}

/// One non-blocking connect(2): waits until the socket is writable, the time is over or the task is cancelled.
@EventLoop
private final class ConnectAttempt: EventSource {
  /// What came before anybody waited: under load the loop may deliver the event first.
  private var early: Result<Void, TransportError>?
  private var continuation: CheckedContinuation<Result<Void, TransportError>, Never>?
  private var timer: LoopTimer?
  private var descriptor: Int32 = -1
  private var name = ""

  nonisolated init() {}

  func run(_ address: SocketAddress, timeout: Duration, name: String) async throws(TransportError) -> Int32 {
    self.name = name
    descriptor = try Socket.open(for: address)
    let started = address.withPointer { Glibc.connect(descriptor, $0, $1) }
    if started == 0 { return descriptor }
    // A full backlog answers EAGAIN on a unix socket; the caller's backoff tries again.
    guard errno == EINPROGRESS else { throw abandon(Socket.failure("connecting to", name)) }
    guard let token = LoopCore.shared.watch(descriptor, EPOLLOUT.rawValue | EPOLLET.rawValue, self) else {
      throw abandon(Socket.failure("watching the connection to", name))
    }
    timer = EventLoop.after(timeout) { self.end(.failure(.timedOut(operation: "connecting to", peer: name))) }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if let early { return continuation.resume(returning: early) }
        self.continuation = continuation
      }
    } onCancel: {
      EventLoop.post { self.end(.failure(.cancelled)) }
    }
    timer?.cancel()
    LoopCore.shared.forget(descriptor, token)
    if case .failure(let failure) = outcome { throw abandon(failure) }
    return descriptor
  }

  func ready(_ events: UInt32) {
    let number = Socket.pendingError(descriptor)
    end(number == 0 ? .success(()) : .failure(.system(operation: "connecting to", peer: name, errno: number)))
  }

  private func end(_ outcome: Result<Void, TransportError>) {
    if early != nil { return }
    early = outcome
    continuation?.resume(returning: outcome)
    continuation = nil
  }

  private func abandon(_ error: TransportError) -> TransportError {
    Glibc.close(descriptor)
    return error
  }
}
