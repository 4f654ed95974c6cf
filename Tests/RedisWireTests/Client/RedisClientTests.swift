import RedisWire
import TestSupport
import Testing
import Transport

/// A client of `url`, started; shut it down at the end.
func startedClient(_ url: String, _ change: (inout RedisOptions) -> Void = { _ in }) async throws -> RedisClient {
  var options = RedisOptions(url: try RedisURL(url))
  options.commandTimeout = .seconds(20)
  options.reconnect = ReconnectPolicy(base: .milliseconds(5), cap: .milliseconds(50))
  change(&options)
  let client = await RedisClient(options)
  await client.start()
  return client
}

@Suite("Redis client")
struct RedisClientTests {
  @Test("commands are answered, over a unix socket and over TCP")
  func commands() async throws {
    let server = try RedisServer(.tcp)
    for url in [server.url, try server.tcpURL] {
      let client = try await startedClient(url)
      #expect(try await client.execute(RedisCommand("SET", "k", "v")) == .simple("OK"))
      #expect(try await client.execute(RedisCommand("GET", "k")).string == "v")
      #expect(try await client.execute(RedisCommand("HSET", "h", "a", "1", "b", "2")).int != nil)
      #expect(try await client.execute(RedisCommand("HGETALL", "h")).pairs?["b"]?.int == 2)
      #expect(await client.isConnected)
      #expect(await client.state == .connected)
      await client.shutdown()
      #expect(await client.state == .closed)
    }
  }

  @Test("commands that go out together are answered in their order, and the first failure is thrown")
  func together() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    #expect(try await client.execute(all: []) == [])
    let increments = (0..<500).map { _ in RedisCommand("INCR", "n") }
    #expect(try await client.execute(all: increments).map(\.int) == (1...500).map { Int64($0) })
    await #expect {
      try await client.execute(all: [
        RedisCommand("SET", "text", "a"), RedisCommand("LPUSH", "text", "b"), RedisCommand("NOSUCH"),
        RedisCommand("SET", "after", "c"),
      ])
    } throws: { error in
      if case .server("WRONGTYPE", _)? = error as? RedisError { true } else { false }
    }
    #expect(try await client.execute(RedisCommand("GET", "after")).string == "c")
    await client.shutdown()
  }

  @Test("ten thousand commands in flight are answered in their order")
  func pipelining() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    let received: [Int64?] = await withCheckedContinuation { continuation in
      EventLoop.post {
        var values: [Int64?] = []
        for index in 0..<10_000 {
          client.send(RedisCommand("ECHO", String(index))) { result in
            values.append((try? result.get())?.int)
            if values.count == 10_000 { continuation.resume(returning: values) }
          }
        }
      }
    }
    #expect(received == (0..<10_000).map { Int64($0) })
    await client.shutdown()
  }

  @Test("tasks at the same time each get their own answer")
  func tasks() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        group.addTask { try await client.execute(RedisCommand("ECHO", "\(index)")).int == Int64(index) }
      }
      for try await isRight in group { #expect(isRight) }
    }
    #expect(await client.pending == 0)
    await client.shutdown()
  }

  @Test("a script is loaded at its first call, and again after the server forgot it")
  func scripts() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    let script = RedisScript(name: "sum", source: Array("return tonumber(ARGV[1]) + #KEYS".utf8))
    #expect(try await client.evaluate(script, keys: ["a", "b"], arguments: [Array("40".utf8)]).int == 42)
    #expect(script.sha1?.count == 40)
    try server.command("SCRIPT", "FLUSH")
    async let first = client.evaluate(script, keys: [], arguments: [Array("1".utf8)])
    async let second = client.evaluate(script, keys: ["k"], arguments: [Array("1".utf8)])
    async let between = client.execute(RedisCommand("ECHO", "7"))
    #expect(try await first.int == 1)
    #expect(try await second.int == 2)
    #expect(try await between.int == 7)
    await client.shutdown()
  }

  @Test("a script with a mistake fails once, with the server's words")
  func brokenScript() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    let script = RedisScript(name: "broken", source: Array("this is no Lua".utf8))
    for _ in 0..<2 {
      let error = await #expect(throws: RedisError.self) { try await client.evaluate(script, keys: []) }
      #expect(error?.code == "redis_server")
    }
    #expect(try await client.execute(RedisCommand("PING")) == .simple("PONG"))
    await client.shutdown()
  }

  @Test("a server out of memory says OOM, and goes on answering")
  func outOfMemory() async throws {
    var serverOptions = RedisServer.Options()
    serverOptions.maxMemory = "1mb"
    let server = try RedisServer(serverOptions)
    let client = try await startedClient(server.url)
    let error = await #expect(throws: RedisError.self) {
      _ = try await client.execute(RedisCommand("SET", "k", String(repeating: "x", count: 2 << 20)))
      _ = try await client.execute(RedisCommand("SET", "l", "x"))
    }
    guard case .server(code: "OOM", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try await client.execute(RedisCommand("PING")) == .simple("PONG"))
    await client.shutdown()
  }

  @Test("a client that was shut down takes no more")
  func shutdown() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    _ = try await client.execute(RedisCommand("PING"))
    await client.shutdown()
    await #expect(throws: RedisError.closed(sent: false)) { try await client.execute(RedisCommand("PING")) }
    await client.shutdown()
  }

  @Test("a shut down client lets what it sent be answered, and fails what it has not sent")
  func shutdownUnderWay() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    _ = try await client.execute(RedisCommand("PING"))
    server.pause()
    async let sent = client.execute(RedisCommand("ECHO", "sent"))
    try await eventually("the command is under way") { await client.pending == 1 }
    async let end: Void = client.shutdown()
    try await eventually("no command goes out any more") { await !client.isConnected }
    await #expect(throws: RedisError.closed(sent: false)) { try await client.execute(RedisCommand("PING")) }
    server.resume()
    #expect(try await sent.string == "sent")
    await end

    let lonely = try await startedClient("unix:///nowhere/redis.sock")
    let unsent = Task { try await lonely.execute(RedisCommand("PING")) }
    try await eventually("it waits") { await lonely.pending == 1 }
    await lonely.shutdown()
    await #expect(throws: RedisError.closed(sent: false)) { try await unsent.value }
  }

  @Test("changes of the connection are told in order")
  func changes() async throws {
    let server = try RedisServer()
    let seen = Recorder<RedisClientState>()
    let client = await RedisClient(RedisOptions(url: try RedisURL(server.url))) { seen.append($0) }
    await client.start()
    _ = try await client.execute(RedisCommand("PING"))
    await client.shutdown()
    #expect(await seen.values == [.connected, .closed])
  }
}

/// What callbacks brought, in order.
@EventLoop
final class Recorder<Value: Sendable> {
  var values: [Value] = []

  func append(_ value: Value) { values.append(value) }
}
