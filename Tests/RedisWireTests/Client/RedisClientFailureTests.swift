import RedisWire
import TestSupport
import Testing
import Transport

@Suite("Redis client in trouble")
struct RedisClientFailureTests {
  @Test("a command that is too late fails alone; its neighbours get their own answers")
  func timeout() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    _ = try await client.execute(RedisCommand("PING"))
    server.pause()
    async let before = client.execute(RedisCommand("ECHO", "before"))
    let late = Task { try await client.execute(RedisCommand("ECHO", "late"), timeout: .milliseconds(30)) }
    async let after = client.execute(RedisCommand("ECHO", "after"))
    await #expect(throws: RedisError.timeout(sent: true)) { try await late.value }
    server.resume()
    #expect(try await before.string == "before")
    #expect(try await after.string == "after")
    #expect(await client.reconnects == 0)
    await client.shutdown()
  }

  @Test("a command whose task was cancelled fails alone; its neighbours get their own answers")
  func cancellation() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    _ = try await client.execute(RedisCommand("PING"))
    server.pause()
    async let before = client.execute(RedisCommand("ECHO", "before"))
    let cancelled = Task { try await client.execute(RedisCommand("ECHO", "cancelled")) }
    async let after = client.execute(RedisCommand("ECHO", "after"))
    try await eventually("all three are sent") { await client.pending == 3 }
    cancelled.cancel()
    await #expect(throws: RedisError.cancelled(sent: true)) { try await cancelled.value }
    server.resume()
    #expect(try await before.string == "before")
    #expect(try await after.string == "after")
    #expect(await client.reconnects == 0)
    await client.shutdown()
  }

  @Test("a task that is cancelled already sends nothing")
  func cancelledBefore() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.execute(RedisCommand("SET", "k", "v"))
    }
    await #expect(throws: RedisError.cancelled(sent: false)) { try await task.value }
    #expect(try await client.execute(RedisCommand("EXISTS", "k")).int == 0)
    await client.shutdown()
  }

  @Test("after kill -9 and a restart the client is back, and what waited is answered")
  func restart() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    _ = try await client.execute(RedisCommand("PING"))
    server.kill()
    try await eventually("the loss is noticed") { await !client.isConnected }
    async let waiting = client.execute(RedisCommand("ECHO", "patience"))
    try server.start()
    #expect(try await waiting.string == "patience")
    #expect(await client.reconnects == 1)
    await client.shutdown()
  }

  @Test("a command that was sent when the connection broke says so and is not repeated")
  func ambiguity() async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.address)
    let client = try await startedClient(proxy.redisURL)
    _ = try await client.execute(RedisCommand("PING"))
    proxy.cutAfterSending(bytes: 20)
    await #expect(throws: RedisError.closed(sent: true)) { try await client.execute(RedisCommand("INCR", "n")) }
    #expect(try await client.execute(RedisCommand("PING")) == .simple("PONG"))
    #expect((try await client.execute(RedisCommand("GET", "n")).int ?? 0) <= 1)
    await client.shutdown()
  }

  @Test("a half-open connection is noticed by silence, without any command")
  func halfOpen() async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.address)
    let client = try await startedClient(proxy.redisURL) {
      $0.idlePing = .milliseconds(100)
      $0.connectTimeout = .milliseconds(300)
    }
    _ = try await client.execute(RedisCommand("PING"))
    proxy.set(.blackHole)
    try await eventually("the silence is noticed") { await !client.isConnected }
    proxy.cut()
    proxy.set(.forward)
    try await eventually("the connection is back") { await client.isConnected }
    #expect(try await client.execute(RedisCommand("PING")) == .simple("PONG"))
    #expect(await client.reconnects >= 1)
    await client.shutdown()
  }

  @Test("a quiet connection to a healthy server is kept")
  func quiet() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url) { $0.idlePing = .milliseconds(200) }
    _ = try await client.execute(RedisCommand("PING"))
    try await eventually("a PING of its own was answered") {
      let line = try server.command("INFO", "commandstats").text ?? ""
      guard let ping = line.split(separator: "\r\n").first(where: { $0.hasPrefix("cmdstat_ping:calls=") }) else {
        return false
      }
      return (Int(ping.dropFirst(19).prefix { $0 != "," }) ?? 0) >= 3
    }
    #expect(await client.reconnects == 0)
    await client.shutdown()
  }

  @Test("without a connection a command fails at its deadline, with the reason")
  func deadlineWithoutConnection() async throws {
    let client = try await startedClient("unix:///nowhere/redis.sock")
    let error = await #expect(throws: RedisError.self) {
      try await client.execute(RedisCommand("PING"), timeout: .milliseconds(50))
    }
    #expect(error?.wasSent == false && error?.isRetryable == true)
    #expect(error?.description.contains("/nowhere/redis.sock") == true)
    await client.shutdown()
  }

  @Test("a client that fails fast does not wait for a connection that is not there")
  func failFast() async throws {
    let client = try await startedClient("unix:///nowhere/redis.sock") { $0.failFast = true }
    for _ in 0..<3 {
      let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
      #expect(error?.code == "redis_connect")
    }
    await client.shutdown()
  }

  @Test("the queue is bounded, by commands and by bytes")
  func bounds() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url) { $0.maxPending = 2 }
    _ = try await client.execute(RedisCommand("PING"))
    server.pause()
    async let first = client.execute(RedisCommand("ECHO", "1"))
    async let second = client.execute(RedisCommand("ECHO", "2"))
    try await eventually("both are under way") { await client.pending == 2 }
    await #expect(throws: RedisError.overloaded(pending: 2)) { try await client.execute(RedisCommand("PING")) }
    server.resume()
    #expect(try await [first.int, second.int] == [1, 2])
    await client.shutdown()

    let lonely = try await startedClient("unix:///nowhere/redis.sock") { $0.maxPendingBytes = 100 }
    await #expect(throws: RedisError.overloaded(pending: 0)) {
      try await lonely.execute(RedisCommand("ECHO", String(repeating: "x", count: 200)))
    }
    await lonely.shutdown()
  }

  @Test("a replica that refuses writes is left, and the master is found under the same name")
  func readOnly() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url)
    _ = try await client.execute(RedisCommand("PING"))
    try server.command("REPLICAOF", "127.0.0.1", "1")
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("SET", "k", "v")) }
    guard case .server(code: "READONLY", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.isRetryable == true)
    try server.command("REPLICAOF", "NO", "ONE")
    try await eventually("the client is back") { await client.reconnects >= 1 }
    #expect(try await client.execute(RedisCommand("SET", "k", "v")) == .simple("OK"))
    await client.shutdown()
  }

  @Test("a reply beyond the limit closes the connection; the next command has another one")
  func hugeReply() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url) { $0.limits = RESPLimits(bulkBytes: 2_000, replyBytes: 4_000) }
    try server.command("SET", "huge", String(repeating: "x", count: 100_000))
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("GET", "huge")) }
    #expect(error?.code == "redis_protocol")
    #expect(try await client.execute(RedisCommand("PING")) == .simple("PONG"))
    await client.shutdown()
  }

  @Test("a blocking command that nobody waits for any more takes nothing from those who do")
  func blocking() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url) {
      $0.purpose = .blocking
      $0.idlePing = .milliseconds(200)
    }
    _ = try await client.execute(RedisCommand("PING"))
    let blocked = Task { try await client.execute(RedisCommand("BLPOP", "bell", "0")) }
    try await eventually("the server holds it") {
      try server.command("CLIENT", "LIST").text?.contains("cmd=blpop") == true
    }
    blocked.cancel()
    await #expect(throws: RedisError.cancelled(sent: true)) { try await blocked.value }
    try await eventually("the server let it go") {
      try server.command("CLIENT", "LIST").text?.contains("cmd=blpop") == false
    }
    try server.command("LPUSH", "bell", "ring")
    #expect(try await client.execute(RedisCommand("LLEN", "bell")).int == 1)
    #expect(try await client.execute(RedisCommand("BLPOP", "bell", "0")).elements?.last?.string == "ring")
    await client.shutdown()
  }
}
