import Testing

@testable import RedisWire

@Suite("Connection state")
struct RedisConnectionStateTests {
  private typealias State = RedisConnectionState<Int>

  private func fresh(
    _ url: String = "redis://h", name: String? = nil, prefersRESP3: Bool = true, isSubscriber: Bool = false
  ) throws -> RedisConnectionState<Int> {
    RedisConnectionState(
      url: try RedisURL(url), name: name, prefersRESP3: prefersRESP3, isSubscriber: isSubscriber)
  }

  private func ready(isSubscriber: Bool = false, resp3: Bool = true) throws -> RedisConnectionState<Int> {
    var state = try fresh(prefersRESP3: resp3, isSubscriber: isSubscriber)
    _ = state.connected()
    if resp3 { _ = state.received(.array([])) }
    #expect(state.phase == .ready)
    return state
  }

  /// An action as text, with commands as they read.
  private func text(_ action: RedisConnectionState<Int>.Action) -> String {
    switch action {
    case .nothing: "nothing"
    case .send(let commands):
      "send "
        + commands.map { command in
          var bytes: [UInt8] = []
          command.encode(into: &bytes)
          return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").filter {
            !$0.hasPrefix("*") && !$0.hasPrefix("$")
          }.joined(separator: " ")
        }.joined(separator: "; ")
    case .becomeReady: "ready"
    case .deliver(let value, let slot): "deliver \(slot) \(value.string ?? value.error?.code ?? "?")"
    case .push(let elements): "push \(elements.count)"
    case .close(let error): "close \(error.code)"
    }
  }

  private func error(_ line: String) -> RESPValue { .error(RedisServerError(line: line)) }

  @Test("a plain login is HELLO alone")
  func plainLogin() throws {
    var state = try fresh()
    #expect(state.phase == .connecting)
    #expect(text(state.connected()) == "send HELLO 3")
    #expect(state.phase == .hello)
    #expect(text(state.received(.array([]))) == "ready")
    #expect(state.phase == .ready)
    #expect(state.speaksRESP3)
  }

  @Test("password, name and database are part of the login")
  func fullLogin() throws {
    var state = try fresh("redis://alice:secret@h/2", name: "worker")
    #expect(text(state.connected()) == "send HELLO 3 AUTH alice secret SETNAME worker")
    #expect(text(state.received(.array([]))) == "send SELECT 2")
    #expect(state.phase == .hello)
    #expect(text(state.received(.simple("OK"))) == "ready")
  }

  @Test("a password without a user is that of the default user")
  func defaultUser() throws {
    var state = try fresh("redis://:secret@h")
    #expect(text(state.connected()) == "send HELLO 3 AUTH default secret")
  }

  @Test("a server that knows no HELLO gets the commands that all know")
  func fallback() throws {
    for line in ["ERR unknown command 'HELLO', with args beginning with: '3' ", "NOPROTO unsupported protocol version"]
    {
      var state = try fresh("redis://:secret@h/2", name: "worker")
      _ = state.connected()
      #expect(text(state.received(error(line))) == "send AUTH secret; SELECT 2; CLIENT SETNAME worker")
      #expect(text(state.received(.simple("OK"))) == "nothing")
      #expect(text(state.received(.simple("OK"))) == "nothing")
      #expect(text(state.received(error("ERR unknown subcommand"))) == "ready")
      #expect(!state.speaksRESP3)
    }
  }

  @Test("a fallback with nothing to say is over at once")
  func emptyFallback() throws {
    var state = try fresh()
    _ = state.connected()
    #expect(text(state.received(error("ERR unknown command 'HELLO'"))) == "ready")
    var plain = try fresh(prefersRESP3: false)
    #expect(text(plain.connected()) == "ready")
  }

  @Test(
    "a refused login closes with the server's words",
    arguments: ["WRONGPASS invalid username-password pair", "NOAUTH HELLO must be called", "ERR max clients reached"])
  func refusedLogin(line: String) throws {
    var state = try fresh("redis://:secret@h")
    _ = state.connected()
    guard case .close(.server(let code, _)) = state.received(error(line)) else {
      Issue.record("not closed")
      return
    }
    #expect(line.hasPrefix(code))
    var old = try fresh("redis://:secret@h", prefersRESP3: false)
    _ = old.connected()
    #expect(text(old.received(error(line))) == "close redis_server")
  }

  @Test("an answer to HELLO that is no map is no login")
  func strangeHello() throws {
    var state = try fresh()
    _ = state.connected()
    #expect(text(state.received(.simple("OK"))) == "close redis_protocol")
  }

  @Test("answers go to the slots in order")
  func order() throws {
    var state = try ready()
    for slot in 1...3 { state.sent(slot) }
    #expect(state.outstanding == 3)
    #expect(state.awaited == [1, 2, 3])
    #expect(text(state.received(.simple("a"))) == "deliver 1 a")
    #expect(text(state.received(error("ERR b"))) == "deliver 2 ERR")
    #expect(text(state.received(.push([.simple("x")]))) == "push 1")
    #expect(text(state.received(.simple("c"))) == "deliver 3 c")
    #expect(state.outstanding == 0)
  }

  @Test("an answer that nobody asked for closes the connection")
  func unasked() throws {
    var state = try ready()
    #expect(text(state.received(.simple("a"))) == "close redis_protocol")
    var other = try ready()
    #expect(text(other.received(error("ERR idle"))) == "close redis_server")
  }

  @Test("a replica drains the connection, and its neighbours are answered", arguments: ["READONLY x", "UNBLOCKED x"])
  func readOnly(line: String) throws {
    var state = try ready()
    state.sent(1)
    state.sent(2)
    _ = state.received(error(line))
    #expect(state.phase == .draining)
    #expect(!state.isDrained)
    #expect(text(state.received(.simple("b"))) == "deliver 2 b")
    #expect(state.isDrained)
  }

  @Test("a drained connection takes no more, and closing gives back who still waits")
  func closing() throws {
    var state = try ready()
    state.sent(1)
    state.sent(2)
    state.drain()
    #expect(state.phase == .draining)
    #expect(text(state.received(.simple("a"))) == "deliver 1 a")
    #expect(state.close() == [2])
    #expect(state.phase == .closed)
    #expect(text(state.received(.simple("late"))) == "nothing")
    #expect(state.close() == [])
    state.drain()
    #expect(state.phase == .closed)
  }

  @Test("nothing is heard before the connection is open")
  func early() throws {
    var state = try fresh()
    #expect(text(state.received(.simple("x"))) == "nothing")
    state.drain()
    #expect(state.phase == .connecting)
    #expect(state.close() == [])
  }

  @Test("in RESP2 a subscriber's arrays are messages, but for the answer of PING")
  func oldSubscriber() throws {
    var state = try ready(isSubscriber: true, resp3: false)
    let message = RESPValue.array([.simple("message"), .simple("c"), .simple("m")])
    #expect(text(state.received(message)) == "push 3")
    state.sent(1)
    #expect(text(state.received(message)) == "push 3")
    #expect(text(state.received(.array([.simple("pong"), .simple("")]))) == "deliver 1 ?")
    var client = try ready(isSubscriber: false, resp3: false)
    client.sent(1)
    #expect(text(client.received(message)) == "deliver 1 ?")
  }
}

@Suite("Pending queue")
struct PendingQueueTests {
  @Test("what goes in first comes out first, over many rounds")
  func order() {
    var queue = PendingQueue<Int>()
    var next = 0
    var expected = 0
    for round in 0..<300 {
      for _ in 0..<(round % 7 + 1) {
        queue.append(next)
        next += 1
      }
      for _ in 0..<(round % 5 + 1) where !queue.isEmpty {
        #expect(queue.popFirst() == expected)
        expected += 1
      }
      #expect(queue.count == next - expected)
    }
    #expect(queue.elements == Array(expected..<next))
    #expect(queue.takeAll() == Array(expected..<next))
    #expect(queue.isEmpty && queue.popFirst() == nil)
  }
}
