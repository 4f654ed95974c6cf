import RedisWire
import TestSupport
import Testing
import Transport

@Suite("Subscriber")
struct RedisSubscriberTests {
  /// A subscriber, what its callbacks brought, and how often it was reset.
  @EventLoop
  private final class Listening {
    let messages = Recorder<String>()
    let readers = Recorder<String>()
    let resets = Recorder<Int>()
    private(set) lazy var subscriber = RedisSubscriber(options) { [resets] in resets.append(1) }
    private let options: RedisOptions

    init(_ url: String, idlePing: Duration = .seconds(30)) throws {
      var options = RedisOptions(url: try RedisURL(url))
      options.reconnect = ReconnectPolicy(base: .milliseconds(5), cap: .milliseconds(50))
      options.idlePing = idlePing
      self.options = options
      subscriber.start()
    }

    func subscribe(_ channel: String, as name: String) -> RedisSubscription {
      subscriber.subscribe(channel, onReady: { [readers] in readers.append(name) }) { [messages] bytes in
        messages.append("\(name):\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test("messages reach every listener of their channel, and no other", arguments: [false, true])
  func messages(isRESP2: Bool) async throws {
    var options = RedisServer.Options()
    if isRESP2 { options.settings = ["--rename-command", "HELLO", ""] }
    let server = try RedisServer(options)
    let listening = try await Listening(server.url)
    _ = await listening.subscribe("a", as: "first")
    _ = await listening.subscribe("a", as: "second")
    _ = await listening.subscribe("b", as: "other")
    try await eventually("all are confirmed") { await listening.readers.values.count == 3 }
    try server.command("PUBLISH", "a", "1")
    try server.command("PUBLISH", "b", "2")
    try server.command("PUBLISH", "c", "3")
    try server.command("PUBLISH", "b", "4")
    try await eventually("the messages are there") { await listening.messages.values.count == 4 }
    #expect(await listening.messages.values.sorted() == ["first:1", "other:2", "other:4", "second:1"])
    #expect(await listening.resets.values.isEmpty)
    await listening.subscriber.shutdown()
  }

  @Test("the server is asked once a channel, and no longer after the last listener")
  func counting() async throws {
    let server = try RedisServer()
    let listening = try await Listening(server.url)
    let first = await listening.subscribe("a", as: "first")
    let second = await listening.subscribe("a", as: "second")
    try await eventually("both are confirmed") { await listening.readers.values.count == 2 }
    let third = await listening.subscribe("a", as: "third")
    try await eventually("a later one is confirmed too") { await listening.readers.values.count == 3 }
    await listening.subscriber.unsubscribe(first)
    await listening.subscriber.unsubscribe(first)
    await listening.subscriber.unsubscribe(second)
    #expect(await listening.subscriber.channelCount == 1)
    try server.command("PUBLISH", "a", "x")
    try await eventually("the last one hears it") { await listening.messages.values == ["third:x"] }
    await listening.subscriber.unsubscribe(third)
    #expect(await listening.subscriber.channelCount == 0)
    try await eventually("the server lets go") { try server.command("PUBLISH", "a", "y").int == 0 }
    await listening.subscriber.shutdown()
  }

  @Test("a channel that is left and joined again at once is confirmed by the second request")
  func rejoining() async throws {
    let server = try RedisServer()
    let listening = try await Listening(server.url)
    for round in 0..<20 {
      let subscription = await listening.subscribe("a", as: "\(round)")
      if round < 19 { await listening.subscriber.unsubscribe(subscription) }
    }
    try await eventually("the last one is confirmed") { await listening.readers.values.contains("19") }
    try server.command("PUBLISH", "a", "x")
    try await eventually("it hears") { await listening.messages.values == ["19:x"] }
    await listening.subscriber.shutdown()
  }

  @Test("after a restart of the server all channels are there again, and a reset is told")
  func reset() async throws {
    let server = try RedisServer()
    let listening = try await Listening(server.url)
    _ = await listening.subscribe("a", as: "first")
    _ = await listening.subscribe("b", as: "other")
    try await eventually("both are confirmed") { await listening.readers.values.count == 2 }
    try server.restart(killing: true)
    try await eventually("the reset is told") { await listening.resets.values.count == 1 }
    try server.command("PUBLISH", "a", "1")
    try server.command("PUBLISH", "b", "2")
    try await eventually("messages come again") { await listening.messages.values == ["first:1", "other:2"] }
    #expect(await listening.readers.values.count == 2)
    #expect(await listening.subscriber.reconnects == 1)
    await listening.subscriber.shutdown()
  }

  @Test("a silent subscription is watched, and kept while the server answers")
  func silence() async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.address)
    let listening = try await Listening(proxy.redisURL, idlePing: .milliseconds(100))
    _ = await listening.subscribe("a", as: "first")
    try await eventually("it is confirmed") { await listening.readers.values.count == 1 }
    proxy.set(.blackHole)
    try await eventually("the silence is noticed") { await !listening.subscriber.isConnected }
    proxy.cut()
    proxy.set(.forward)
    try await eventually("the reset is told") { await listening.resets.values.count >= 1 }
    await listening.subscriber.shutdown()
  }
}
