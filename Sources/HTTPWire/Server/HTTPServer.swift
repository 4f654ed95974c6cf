import Glibc
public import Transport

/// An HTTP/1.1 server on the event loop.
///
/// One `HTTPServer` has one set of routes; it may listen on several endpoints. Keep one alive as long as it serves.
@EventLoop
public final class HTTPServer {
  /// Bounds, deadlines and hooks.
  public let options: HTTPServerOptions
  /// Whether `shutdown` was called: answers close their connections.
  public private(set) var isDraining = false

  let router: Router
  /// Bytes of collected bodies that are in memory now.
  var bufferedBodyBytes = 0

  private var listeners: [Listener] = []
  private var connections: [ObjectIdentifier: ServerConnection] = [:]
  private var sweep: LoopTimer?
  private var sweepDue: Int64 = 0
  private let removals = WakeSignal()
  private var date: [UInt8] = []
  private var dateExpires = Int64.min

  /// Makes a server; it serves once it listens.
  public init(router: Router, options: HTTPServerOptions = HTTPServerOptions()) {
    self.router = router
    self.options = options
  }

  /// How many connections are open.
  public var connectionCount: Int { connections.count }

  /// Listens on `endpoint`.
  ///
  /// - Returns: the port, chosen by the system when the endpoint's is 0; 0 for a unix socket.
  /// - Throws: when the address is in use or not allowed.
  @discardableResult
  public func listen(on endpoint: Endpoint) throws(TransportError) -> Int {
    let listener = try Listener.bind(endpoint) { [weak self] connection in
      guard let self else { return connection.close() }
      self.accept(connection)
    }
    listeners.append(listener)
    return listener.port
  }

  /// Stops accepting, closes idle connections, lets running requests end and then closes theirs.
  ///
  /// Returns when no connection is left; what runs after `limit`, or when the caller's task is cancelled, is cancelled
  /// and cut off. A second call with a shorter limit is allowed.
  public func shutdown(within limit: Duration) async {
    isDraining = true
    for listener in listeners { listener.close() }
    listeners = []
    for connection in connections.values { connection.closeIfIdle() }
    let cut = EventLoop.after(limit) {
      for connection in self.connections.values { connection.abort() }
    }
    while !connections.isEmpty {
      let seen = removals.generation
      await removals.wait(after: seen)
      // A cancelled caller waits no longer.
      if Task.isCancelled, !connections.isEmpty {
        for connection in connections.values { connection.abort() }
        break
      }
    }
    cut.cancel()
  }

  private func accept(_ connection: Connection) {
    // A few beyond the limit are told; when even those are many, there is no time for manners.
    guard connections.count < options.maxConnections + 64, !isDraining else { return connection.close() }
    let handler = ServerConnection(connection, server: self)
    connections[ObjectIdentifier(handler)] = handler
    connection.handler = handler
    if connections.count > options.maxConnections { handler.refuseForLimit() }
    if sweep == nil {
      sweep = LoopTimer { [weak self] in self?.sweepDeadlines() }
    }
    if sweep?.isArmed == false { scheduleSweep() }
  }

  func remove(_ connection: ServerConnection) {
    connections[ObjectIdentifier(connection)] = nil
    if connections.isEmpty { removals.raise() }
  }

  private func sweepDeadlines() {
    let now = EventLoop.now
    // When the loop itself stood still, bytes wait in the kernel that it has not read: no client is to blame for that.
    let late = max(0, now - sweepDue)
    for connection in connections.values { connection.checkDeadlines(now, late: late) }
    if !connections.isEmpty { scheduleSweep() }
  }

  private func scheduleSweep() {
    sweepDue = EventLoop.now.addingClamped(options.sweepInterval.nanoseconds)
    sweep?.schedule(after: options.sweepInterval)
  }

  /// The Date field with its line end, made once a second.
  var dateField: [UInt8] {
    let now = EventLoop.now
    if now < dateExpires { return date }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    date = Array("Date: ".utf8) + HTTPDate.bytes(unixSeconds: Int64(time.tv_sec)) + [13, 10]
    dateExpires = now + 1_000_000_000 - Int64(time.tv_nsec)
    return date
  }
}
