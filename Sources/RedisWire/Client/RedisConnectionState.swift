/// The life of one connection to a server, without I/O: what was received goes in, what is to be done comes out.
///
/// Redis answers in the order of the commands, so that a row of slots is all that joins an answer to its command. A slot
/// whose command nobody waits for any more stays in the row until its answer has come and been dropped by its owner;
/// its neighbours notice nothing.
struct RedisConnectionState<Slot> {
  enum Phase: Sendable, Equatable {
    /// The socket is being opened. Next: `hello`, `closed`.
    case connecting
    /// The login is under way; no command goes out. Next: `ready`, `closed`.
    case hello
    /// Commands go out. Next: `draining`, `closed`.
    case ready
    /// No further command goes out, answers still come. Next: `closed`.
    case draining
    /// Nothing happens any more.
    case closed
  }

  enum Action {
    case nothing
    /// Send commands of the login.
    case send([RedisCommand])
    /// The login is over: commands may go out.
    case becomeReady
    /// Hand an answer to the owner of its slot; then close when `isDrained`.
    case deliver(RESPValue, Slot)
    /// Hand on what belongs to no command.
    case push([RESPValue])
    /// Close the connection for this reason.
    case close(RedisError)
  }

  private enum LoginStep {
    /// `HELLO` was sent.
    case hello
    /// Commands were sent that each must succeed or, where false, may fail.
    case commands([Bool])
  }

  private(set) var phase = Phase.connecting
  private(set) var speaksRESP3 = false
  private let url: RedisURL
  private let name: String?
  private let prefersRESP3: Bool
  private let isSubscriber: Bool
  private var step = LoginStep.hello
  private var slots = PendingQueue<Slot>()

  /// - Parameters:
  ///   - prefersRESP3: whether to begin with `HELLO 3`.
  ///   - isSubscriber: whether RESP2 arrays may be messages of channels.
  init(url: RedisURL, name: String?, prefersRESP3: Bool, isSubscriber: Bool) {
    self.url = url
    self.name = name
    self.prefersRESP3 = prefersRESP3
    self.isSubscriber = isSubscriber
  }

  /// How many answers are awaited.
  var outstanding: Int { slots.count }

  /// The owners of the answers that are awaited, the oldest first.
  var awaited: [Slot] { slots.elements }

  /// Whether the connection was to be emptied and is.
  var isDrained: Bool { phase == .draining && slots.isEmpty }

  /// The socket is open.
  mutating func connected() -> Action {
    precondition(phase == .connecting, "connected in phase \(phase)")
    phase = .hello
    guard prefersRESP3 else { return beginPlainLogin() }
    step = .hello
    return .send([Login.hello(for: url, name: name)])
  }

  /// A command went out, whose answer belongs to `slot`.
  mutating func sent(_ slot: Slot) {
    precondition(phase == .ready, "a command in phase \(phase)")
    slots.append(slot)
  }

  /// No further command shall go out.
  mutating func drain() {
    if phase == .ready { phase = .draining }
  }

  /// The connection is gone; answers the owners of the answers that will not come.
  mutating func close() -> [Slot] {
    phase = .closed
    return slots.takeAll()
  }

  /// A value came.
  mutating func received(_ value: RESPValue) -> Action {
    switch phase {
    case .connecting, .closed: return .nothing
    case .hello: return receivedInLogin(value)
    case .ready, .draining:
      if let elements = message(in: value) { return .push(elements) }
      guard let slot = slots.popFirst() else { return .close(Self.unasked(value)) }
      if let error = value.error, Self.meansWrongServer(error) { drain() }
      return .deliver(value, slot)
    }
  }

  /// The parts of a value that answers no command.
  private func message(in value: RESPValue) -> [RESPValue]? {
    switch value {
    case .push(let elements): return elements
    case .array(let elements) where isSubscriber && !speaksRESP3:
      // In RESP2 messages look like answers; a subscriber awaits no other array than the one that answers PING.
      return elements.first?.reads("pong") == false ? elements : nil
    default: return nil
    }
  }

  /// After a failover the server at hand may be a replica that refuses writes; the name may lead to the new master.
  private static func meansWrongServer(_ error: RedisServerError) -> Bool {
    error.hasCode("READONLY") || error.hasCode("UNBLOCKED")
  }

  private static func unasked(_ value: RESPValue) -> RedisError {
    if let error = value.error { return RedisError(error) }
    let reason = RESPError.Reason.other("an answer came that belongs to no command")
    return .protocolViolation(RESPError(reason: reason, byte: nil, offset: 0))
  }
}

extension RedisConnectionState {
  private mutating func receivedInLogin(_ value: RESPValue) -> Action {
    if case .push(let elements) = value { return .push(elements) }
    switch step {
    case .hello:
      if let error = value.error {
        return Self.knowsNoHello(error) ? beginPlainLogin() : .close(RedisError(error))
      }
      guard value.pairs != nil else { return .close(Self.unasked(value)) }
      speaksRESP3 = true
      guard url.database != 0 else { return becomeReady() }
      step = .commands([true])
      return .send([RedisCommand("SELECT", String(url.database))])
    case .commands(let rest):
      guard let isNeeded = rest.first else { return .close(Self.unasked(value)) }
      if isNeeded, let error = value.error { return .close(RedisError(error)) }
      step = .commands(Array(rest.dropFirst()))
      return rest.count == 1 ? becomeReady() : .nothing
    }
  }

  /// Servers before 6.0, and proxies, know no `HELLO`; an operator may have renamed it.
  private static func knowsNoHello(_ error: RedisServerError) -> Bool {
    error.hasCode("NOPROTO") || error.message.lowercased().hasPrefix("unknown command")
  }

  private mutating func beginPlainLogin() -> Action {
    let commands = Login.commands(for: url, name: name)
    guard !commands.isEmpty else { return becomeReady() }
    // The name is for people who look at CLIENT LIST; a server that refuses it works as well.
    step = .commands(commands.map { $0.name.description != "CLIENT" })
    return .send(commands)
  }

  private mutating func becomeReady() -> Action {
    phase = .ready
    return .becomeReady
  }
}
