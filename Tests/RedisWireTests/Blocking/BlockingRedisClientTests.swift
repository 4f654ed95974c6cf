import RedisWire
import TestSupport
import Testing

@Suite("Blocking client")
struct BlockingRedisClientTests {
  @Test("commands are answered over the unix socket and over TCP")
  func commands() throws {
    let server = try RedisServer(.tcp)
    for text in [server.url, try server.tcpURL] {
      let client = try BlockingRedisClient(RedisURL(text))
      #expect(try client.execute(RedisCommand("SET", "k", "v")) == .simple("OK"))
      #expect(try client.execute(RedisCommand("GET", "k")).string == "v")
      #expect(try client.execute(RedisCommand("GET", "absent")).isNull)
      #expect(try client.execute(RedisCommand("LPUSH", "l", "1")).int != nil)
    }
  }

  @Test("a pipeline is answered in order, and an error stops none of its neighbours")
  func pipeline() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    let commands = (0..<5_000).map { RedisCommand("ECHO", String($0)) }
    #expect(try client.pipeline(commands).map(\.int) == (0..<5_000).map { Int64($0) })
    let replies = try client.pipeline([
      RedisCommand("SET", "s", "x"), RedisCommand("LPUSH", "s", "y"), RedisCommand("GET", "s"),
    ])
    #expect(replies[0] == .simple("OK"))
    #expect(replies[1].error?.code == "WRONGTYPE")
    #expect(replies[2].string == "x")
    #expect(try client.pipeline([]).isEmpty)
  }

  @Test("a large value comes back whole")
  func large() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    let value = [UInt8](repeating: 7, count: 9 << 20)
    var command = RedisCommand("SET", "k")
    command.append(value)
    #expect(try client.execute(command) == .simple("OK"))
    #expect(try client.execute(RedisCommand("GET", "k")).bytes == value)
  }

  @Test("a script is loaded at its first call, and again after the server forgot it")
  func scripts() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    let script = RedisScript(name: "sum", source: Array("return tonumber(ARGV[1]) + #KEYS".utf8))
    #expect(try client.evaluate(script, keys: ["a", "b"], arguments: [Array("40".utf8)]).int == 42)
    #expect(script.sha1?.count == 40)
    try server.command("SCRIPT", "FLUSH")
    #expect(try client.evaluate(script, keys: [], arguments: [Array("1".utf8)]).int == 1)
    try server.command("SCRIPT", "FLUSH")
    var call = RedisCommand(script, keys: ["k"])
    call.append(9)
    #expect(try client.pipeline([RedisCommand("PING"), call, RedisCommand("PING")]).map(\.int) == [nil, 10, nil])
  }

  @Test("a wrong SHA-1 is put right")
  func wrongHash() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    let wrong = String(repeating: "0", count: 40)
    let script = RedisScript(name: "one", source: Array("return 1".utf8), sha1: wrong)
    #expect(try client.evaluate(script, keys: []).int == 1)
    #expect(script.sha1 != wrong)
  }

  @Test("an error of the server is thrown with its code")
  func serverErrors() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    let error = #expect(throws: RedisError.self) { try client.execute(RedisCommand("NOSUCH")) }
    guard case .server(code: "ERR", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try client.execute(RedisCommand("PING")) == .simple("PONG"))
  }

  @Test("login and database are those of the URL")
  func login() throws {
    var options = RedisServer.Options()
    options.settings = ["--requirepass", "secret"]
    options.password = "secret"
    let server = try RedisServer(options)
    let client = try BlockingRedisClient(RedisURL("unix://:secret@\(server.socketPath)?db=3"))
    #expect(try client.execute(RedisCommand("CLIENT", "INFO")).string?.contains(" db=3 ") == true)
    let wrong = #expect(throws: RedisError.self) {
      try BlockingRedisClient(RedisURL("unix://:wrong@\(server.socketPath)"))
    }
    guard case .server(code: "WRONGPASS", _) = wrong else {
      Issue.record("\(String(describing: wrong))")
      return
    }
    let unknown = try BlockingRedisClient(RedisURL(server.url))
    let refused = #expect(throws: RedisError.self) { try unknown.execute(RedisCommand("GET", "k")) }
    guard case .server(code: "NOAUTH", _) = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
  }

  @Test("no answer in time is a timeout, and the next call has a connection of its own")
  func timeout() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    server.pause()
    #expect(throws: RedisError.timeout(sent: true)) {
      try client.execute(RedisCommand("ECHO", "late"), timeout: .milliseconds(50))
    }
    server.resume()
    #expect(try client.execute(RedisCommand("ECHO", "now")).string == "now")
  }

  @Test("a server that went away is an error, and one that came back is found")
  func restart() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url))
    server.kill()
    let error = #expect(throws: RedisError.self) { try client.execute(RedisCommand("PING")) }
    #expect(error?.isRetryable == true)
    #expect(throws: RedisError.self) { try client.execute(RedisCommand("PING")) }
    try server.start()
    #expect(try client.execute(RedisCommand("PING")) == .simple("PONG"))
  }

  @Test("what cannot be reached is named")
  func unreachable() throws {
    let error = #expect(throws: RedisError.self) { try BlockingRedisClient(RedisURL("unix:///nowhere/redis.sock")) }
    #expect(error?.code == "redis_connect")
    #expect(error?.description.contains("/nowhere/redis.sock") == true)
    let port = try FreePort.next()
    let refused = #expect(throws: RedisError.self) { try BlockingRedisClient(RedisURL("redis://127.0.0.1:\(port)")) }
    #expect(refused?.description.contains("127.0.0.1:\(port)") == true)
    #expect(throws: RedisError.self) { try BlockingRedisClient(RedisURL("rediss://127.0.0.1")) }
  }

  @Test("a reply beyond the limit ends the connection, not the client")
  func limits() throws {
    let server = try RedisServer()
    let client = try BlockingRedisClient(RedisURL(server.url), limits: RESPLimits(bulkBytes: 100, replyBytes: 200))
    try server.command("SET", "large", String(repeating: "x", count: 1_000))
    let error = #expect(throws: RedisError.self) { try client.execute(RedisCommand("GET", "large")) }
    #expect(error?.code == "redis_protocol")
    #expect(try client.execute(RedisCommand("PING")) == .simple("PONG"))
  }
}
