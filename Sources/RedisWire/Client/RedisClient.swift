public import Transport

/// A client on the event loop: one connection, pipelined and made anew whenever it is lost.
///
/// All commands of one tick go out in one write, and are answered in their order. A command that was sent when the
/// connection was lost fails with `closed(sent: true)` and is never repeated by the client; one that was not sent waits
/// for the next connection until its deadline. Call `shutdown` before letting go of a client.
@EventLoop
public final class RedisClient: RedisLinkOwner {
  private let options: RedisOptions
  private let link: RedisLink
  private let onStateChange: (@EventLoop (RedisClientState) -> Void)?
  /// Commands that wait for a connection.
  private var waiting = PendingQueue<PendingCommand>()
  private var waitingBytes = 0
  private var isShutDown = false
  /// The last `disconnected`, until a connection is made.
  private var lastFailure: RedisClientState?
  private lazy var deadlines = DeadlineTimer { [weak self] now in self?.failLate(now) }

  /// The state of the connection.
  public private(set) var state = RedisClientState.connecting

  /// Makes a client; `start` connects it.
  ///
  /// - Parameter onStateChange: called on the loop at each change of `state`.
  public init(_ options: RedisOptions, onStateChange: (@EventLoop (RedisClientState) -> Void)? = nil) {
    self.options = options
    self.onStateChange = onStateChange
    link = RedisLink(options, isSubscriber: false)
    link.owner = self
  }

  /// Whether a command would go out now.
  public var isConnected: Bool { link.isReady }

  /// How often the connection was lost and made again.
  public var reconnects: Int { link.reconnects }

  /// How many commands wait, for the connection or for their answer.
  public var pending: Int { waiting.count + link.outstanding }

  /// Connects, and connects again after each loss, until `shutdown`.
  public func start() {
    link.start()
  }

  /// Takes no more commands, waits for the answers under way (each until its deadline), and closes.
  ///
  /// Commands that were not sent yet fail with `closed(sent: false)`.
  public func shutdown() async {
    isShutDown = true
    failWaiting(.closed(sent: false))
    if state == .closed { return }
    await withCheckedContinuation { continuation in
      link.stop { continuation.resume() }
      link.stopIfUseless()
    }
  }

  /// Sends a command; `done` is called once, on the loop, after this call has returned.
  ///
  /// - Parameters:
  ///   - timeout: how long `done` may be waiting, with or without a connection; the option's `commandTimeout` if nil. Give
  ///     a command that waits in Redis more than it waits there, and a client of its own (`purpose: .blocking`).
  ///   - done: an error of the server is a failure too.
  /// - Complexity: O(bytes of the command); no task, no timer.
  public func send(
    _ command: RedisCommand, timeout: Duration? = nil,
    _ done: @escaping @EventLoop (Result<RESPValue, RedisError>) -> Void
  ) {
    submit(makePending(command, timeout: timeout, done))
  }

  func makePending(
    _ command: RedisCommand, timeout: Duration?, _ done: @escaping @EventLoop (Result<RESPValue, RedisError>) -> Void
  ) -> PendingCommand {
    PendingCommand(command, deadline: DeadlineTimer.deadline(in: timeout ?? options.commandTimeout), done: done)
  }

  /// Queues or sends a command that has its `done`.
  func submit(_ pending: PendingCommand) {
    guard let command = pending.command else { return }
    if let refusal = refusal(of: command) {
      EventLoop.after(.zero) { pending.finish(.failure(refusal)) }
      return
    }
    deadlines.add(pending.deadline)
    if link.isReady {
      transmit(pending)
    } else {
      waiting.append(pending)
      waitingBytes += command.encodedCount
    }
  }

  /// Ends the wait for a command; its answer, if it comes, is dropped.
  func cancel(_ pending: PendingCommand) {
    guard !pending.isOver else { return }
    pending.finish(.failure(.cancelled(sent: pending.isSent)))
    if pending.isSent { leave(pending) }
  }

  private func refusal(of command: RedisCommand) -> RedisError? {
    if isShutDown { return .closed(sent: false) }
    let count = pending
    if count >= options.maxPending { return .overloaded(pending: count) }
    if link.isReady {
      return link.unwrittenBytes > options.maxPendingBytes ? .overloaded(pending: count) : nil
    }
    if options.failFast, case .disconnected(let reason) = lastFailure ?? state { return reason }
    return waitingBytes + command.encodedCount > options.maxPendingBytes ? .overloaded(pending: count) : nil
  }

  private func transmit(_ pending: PendingCommand) {
    if let script = pending.command?.script, script.sha1 == nil { load(script) }
    link.send(pending)
  }

  /// Sends the script in front of its call, so that neither waits for the other's answer.
  private func load(_ script: RedisScript) {
    let loading = PendingCommand(script.loading, deadline: .max) { result in
      if case .success(let value) = result { script.learn(sha1: value.string ?? "") }
    }
    link.send(loading)
  }

  // MARK: The link

  func linkChanged(_ state: RedisClientState) {
    switch state {
    case .connected:
      lastFailure = nil
      waitingBytes = 0
      for pending in waiting.takeAll() where !pending.isOver {
        transmit(pending)
      }
    case .disconnected(let reason):
      lastFailure = state
      if options.failFast || Self.isHopeless(reason) { failWaiting(reason) }
    case .connecting, .closed: break
    }
    guard state != self.state else { return }
    self.state = state
    onStateChange?(state)
  }

  func linkReceived(_ value: RESPValue, for pending: PendingCommand) {
    guard let error = value.error else { return pending.finish(.success(value)) }
    if error.hasCode("NOSCRIPT"), !pending.wasReloaded, let script = pending.command?.script {
      pending.wasReloaded = true
      repeatCall(of: script, pending)
      return
    }
    pending.finish(.failure(RedisError(error)))
  }

  /// A script that was not there was not run, so that its call may go out again.
  private func repeatCall(of script: RedisScript, _ pending: PendingCommand) {
    if link.isReady {
      load(script)
      link.send(pending)
    } else {
      pending.isSent = false
      waiting.append(pending)
    }
  }

  func linkReceivedPush(_ elements: [RESPValue]) {
    // Nothing here asks for push messages; a server may send them all the same.
  }

  /// A refused login will be refused again, so that nobody need wait for it.
  private static func isHopeless(_ reason: RedisError) -> Bool {
    switch reason {
    case .unsupported: true
    case .server(let code, _): ["WRONGPASS", "NOAUTH", "NOPERM"].contains(code)
    default: false
    }
  }

  // MARK: Ends

  private func failWaiting(_ reason: RedisError) {
    waitingBytes = 0
    for pending in waiting.takeAll() {
      pending.finish(.failure(reason))
    }
  }

  private func failLate(_ now: Int64) {
    // First everything is sorted, then the owners are told: they may send again from inside.
    var late: [PendingCommand] = []
    if waiting.elements.contains(where: { $0.isOver || $0.deadline <= now }) {
      let all = waiting.takeAll()
      waitingBytes = 0
      for pending in all where !pending.isOver {
        if pending.deadline <= now {
          late.append(pending)
        } else {
          waiting.append(pending)
          waitingBytes += pending.command?.encodedCount ?? 0
        }
      }
    }
    for pending in waiting.elements { deadlines.add(pending.deadline) }
    for pending in link.awaited where !pending.isOver {
      if pending.deadline <= now { late.append(pending) } else { deadlines.add(pending.deadline) }
    }
    for pending in late {
      pending.finish(.failure(pending.isSent ? .timeout(sent: true) : unsentFailure))
      if pending.isSent { leave(pending) }
    }
  }

  /// Why a command could not be sent in all its time: the reason of the last failure says more than that it is late.
  private var unsentFailure: RedisError {
    if case .disconnected(let reason) = lastFailure, !reason.wasSent { return reason }
    return .timeout(sent: false)
  }

  /// Nobody waits for a command that was sent.
  private func leave(_ pending: PendingCommand) {
    // A command that waits in Redis would go on to wait there, and take what it waits for from those who want it.
    if options.purpose == .blocking { link.restart(.timeout(sent: true)) }
    link.stopIfUseless()
  }
}
