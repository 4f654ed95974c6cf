import Transport

/// One connection to a server, logged in, watched, and made anew whenever it is lost.
@EventLoop
final class RedisLink: ConnectionHandler {
  weak var owner: (any RedisLinkOwner)?
  /// How often a connection was lost and made again.
  private(set) var reconnects = 0

  private let options: RedisOptions
  private let isSubscriber: Bool
  private var state: RedisConnectionState<PendingCommand>
  private var decoder: ReplyDecoder
  private var connection: Connection?
  private var connecting: Task<Void, Never>?
  private var isStopped = true
  private var wasReady = false
  /// When the present connection became ready, in monotonic nanoseconds.
  private var readySince: Int64 = 0
  /// How many connections in a row did not last.
  private var attempt = 0
  private var generator = SystemRandomNumberGenerator()
  private var whenStopped: [@EventLoop () -> Void] = []

  private var hasHeard = false
  private var isPingOut = false
  private lazy var idleTimer = LoopTimer { [weak self] in self?.checkIdle() }
  private lazy var loginTimer = LoopTimer { [weak self] in self?.loginIsLate() }
  private lazy var retryTimer = LoopTimer { [weak self] in self?.connect() }

  init(_ options: RedisOptions, isSubscriber: Bool) {
    self.options = options
    self.isSubscriber = isSubscriber
    state = Self.freshState(options, isSubscriber)
    decoder = ReplyDecoder(limits: options.limits)
  }

  isolated deinit {
    connecting?.cancel()
    connection?.close()
  }

  /// Whether commands can go out.
  var isReady: Bool { state.phase == .ready && connection != nil }
  var outstanding: Int { state.outstanding }
  var awaited: [PendingCommand] { state.awaited }
  /// Bytes that the kernel has not taken yet.
  var unwrittenBytes: Int { connection?.unsentBytes ?? 0 }

  private static func freshState(
    _ options: RedisOptions, _ isSubscriber: Bool
  ) -> RedisConnectionState<PendingCommand> {
    RedisConnectionState(
      url: options.url, name: Login.name(from: options.clientName), prefersRESP3: clientsSpeakRESP3,
      isSubscriber: isSubscriber)
  }

  // MARK: Sending

  /// Sends a command at the end of this tick, together with all others of the tick. Only while `isReady`.
  func send(_ pending: PendingCommand) {
    guard let connection, let command = pending.command else { return }
    command.encode(into: &connection.output)
    pending.isSent = true
    if command.script == nil { pending.command = nil }
    state.sent(pending)
    connection.flush()
  }

  /// Sends a command that no answer of its own follows (`SUBSCRIBE`). Only while `isReady`.
  func sendUnanswered(_ command: RedisCommand) {
    guard let connection else { return }
    command.encode(into: &connection.output)
    connection.flush()
  }

  // MARK: Life

  func start() {
    guard isStopped else { return }
    isStopped = false
    connect()
  }

  /// Lets the answers under way come in, then closes for good.
  func stop(whenDone: @escaping @EventLoop () -> Void) {
    whenStopped.append(whenDone)
    isStopped = true
    retryTimer.cancel()
    if state.phase == .ready { state.drain() }
    if state.phase != .draining || state.isDrained { end(.closed(sent: false)) }
  }

  /// Closes for good when `stop` was called and nobody waits for the answers under way any more.
  func stopIfUseless() {
    if isStopped, state.phase == .draining, state.awaited.allSatisfy(\.isOver) { end(.closed(sent: true)) }
  }

  /// Gives this connection up and makes another one.
  func restart(_ reason: RedisError) {
    if connection != nil { end(reason) }
  }

  private func connect() {
    guard !isStopped else { return }
    owner?.linkChanged(.connecting)
    state = Self.freshState(options, isSubscriber)
    decoder = ReplyDecoder(limits: options.limits)
    guard !options.url.isTLS || options.transform != nil else {
      return end(.unsupported("rediss:// needs a TLS transform, which this program does not set"))
    }
    loginTimer.schedule(after: options.connectTimeout)
    connecting = EventLoop.spawn { [weak self, options] in
      let result: Result<Connection, TransportError>
      do throws(TransportError) {
        result = .success(
          try await Connection.connect(
            to: options.url.endpoint, timeout: options.connectTimeout, transform: options.transform))
      } catch {
        result = .failure(error)
      }
      guard !Task.isCancelled, let self else {
        if case .success(let late) = result { late.close() }
        return
      }
      self.connected(result)
    }
  }

  private func connected(_ result: Result<Connection, TransportError>) {
    connecting = nil
    switch result {
    case .failure(let error): end(connectError("\(error)"))
    case .success(let connection):
      self.connection = connection
      connection.handler = self
      perform(state.connected())
    }
  }

  private func loginIsLate() {
    guard state.phase == .connecting || state.phase == .hello else { return }
    end(connectError("no connection and login within \(options.connectTimeout)"))
  }

  private func connectError(_ reason: String) -> RedisError {
    .connect(address: "\(options.url.endpoint)", reason: reason)
  }

  private func becameReady() {
    loginTimer.cancel()
    if wasReady { reconnects += 1 }
    wasReady = true
    readySince = EventLoop.now
    hasHeard = true
    isPingOut = false
    idleTimer.schedule(after: options.idlePing)
    owner?.linkChanged(.connected)
  }

  /// The connection is gone, or there was none. Answers that were awaited will not come.
  private func end(_ reason: RedisError) {
    connecting?.cancel()
    connecting = nil
    idleTimer.cancel()
    loginTimer.cancel()
    if let connection {
      self.connection = nil
      connection.handler = nil
      connection.close()
    }
    let lasted = state.phase == .ready && .nanoseconds(EventLoop.now - readySince) >= options.reconnect.cap
    let failure: RedisError =
      switch reason {
      case .protocolViolation: reason
      default: .closed(sent: true)
      }
    for pending in state.close() {
      pending.finish(.failure(failure))
    }
    if isStopped {
      owner?.linkChanged(.closed)
      for done in whenStopped { done() }
      whenStopped = []
      return
    }
    attempt = lasted ? 0 : min(attempt + 1, 30)
    retryTimer.schedule(after: options.reconnect.delay(attempt: attempt - 1, using: &generator))
    owner?.linkChanged(.disconnected(reason))
  }

  // MARK: Receiving

  func connectionReceivedBytes(_ connection: Connection) {
    hasHeard = true
    isPingOut = false
    while connection === self.connection {
      var consumed = 0
      let value: RESPValue?
      do throws(RESPError) {
        value = try connection.input.withBytes { bytes throws(RESPError) in
          try decoder.decode(bytes, consumed: &consumed)
        }
      } catch {
        return end(.protocolViolation(error))
      }
      connection.input.consume(consumed)
      guard let value else { return }
      perform(state.received(value))
    }
  }

  func connectionReceivedEnd(_ connection: Connection) {
    connectionClosed(connection, error: nil)
  }

  func connectionClosed(_ connection: Connection, error: TransportError?) {
    guard connection === self.connection else { return }
    let isLoggedIn = state.phase == .ready || state.phase == .draining
    end(isLoggedIn ? .closed(sent: true) : connectError(error.map { "\($0)" } ?? "the server closed the connection"))
  }

  private func perform(_ action: RedisConnectionState<PendingCommand>.Action) {
    switch action {
    case .nothing: break
    case .send(let commands):
      guard let connection else { return }
      for command in commands {
        command.encode(into: &connection.output)
      }
      connection.flush()
    case .becomeReady: becameReady()
    case .push(let elements): owner?.linkReceivedPush(elements)
    case .close(let reason): end(reason)
    case .deliver(let value, let pending):
      owner?.linkReceived(value, for: pending)
      if state.isDrained { end(.closed(sent: true)) }
    }
  }

  // MARK: Silence

  /// Nothing heard for a while: ask; no answer to that for as long: the other side is gone, though nothing said so.
  private func checkIdle() {
    guard connection != nil else { return }
    idleTimer.schedule(after: options.idlePing)
    if hasHeard {
      hasHeard = false
    } else if isPingOut || state.phase == .draining {
      end(.timeout(sent: true))
    } else if options.purpose == .commands || state.outstanding == 0 {
      // Behind a command that waits in Redis a PING would wait as well; that command has a deadline of its own.
      isPingOut = true
      send(PendingCommand(RedisCommand("PING"), deadline: .max, waiter: .nobody))
    }
  }
}
