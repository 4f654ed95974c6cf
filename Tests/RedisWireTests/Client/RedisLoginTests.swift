import RedisWire
import TestSupport
import Testing

@Suite("Login")
struct RedisLoginTests {
  private func protectedServer(_ settings: [String] = []) throws -> RedisServer {
    var options = RedisServer.Options()
    options.settings = ["--requirepass", "secret"] + settings
    options.password = "secret"
    return try RedisServer(options)
  }

  private func info(_ client: RedisClient) async throws -> String {
    try await client.execute(RedisCommand("CLIENT", "INFO")).string ?? ""
  }

  @Test("password, database and name are set with HELLO")
  func hello() async throws {
    let server = try protectedServer()
    let client = try await startedClient("unix://:secret@\(server.socketPath)?db=3") { $0.clientName = "tester" }
    let info = try await info(client)
    #expect(info.contains(" db=3 ") && info.contains(" name=tester "))
    #if Hiredis
      #expect(info.contains(" resp=2"))
    #else
      #expect(info.contains(" resp=3"))
    #endif
    await client.shutdown()
  }

  @Test("a server without HELLO is spoken to in RESP2")
  func fallback() async throws {
    let server = try protectedServer(["--rename-command", "HELLO", ""])
    let client = try await startedClient("unix://:secret@\(server.socketPath)?db=3") { $0.clientName = "tester" }
    let info = try await info(client)
    #expect(info.contains(" db=3 ") && info.contains(" name=tester ") && info.contains(" resp=2"))
    _ = try await client.execute(RedisCommand("HSET", "h", "f", "1"))
    #expect(try await client.execute(RedisCommand("HGETALL", "h")).pairs?["f"]?.int == 1)
    await client.shutdown()
  }

  @Test("a wrong password is told at once, not at the deadline")
  func wrongPassword() async throws {
    let server = try protectedServer()
    let client = try await startedClient("unix://:wrong@\(server.socketPath)") { $0.commandTimeout = .seconds(300) }
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
    guard case .server(code: "WRONGPASS", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains("wrong@") == false)
    await client.shutdown()
  }

  @Test("a missing password is told as the server tells it")
  func missingPassword() async throws {
    let server = try protectedServer()
    let client = try await startedClient(server.url)
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
    guard case .server(code: "NOAUTH", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    await client.shutdown()
  }

  @Test("a client name with blanks is written without them")
  func name() async throws {
    let server = try RedisServer()
    let client = try await startedClient(server.url) { $0.clientName = "my worker\n1" }
    #expect(try await info(client).contains(" name=my-worker-1 "))
    await client.shutdown()
    let nameless = try await startedClient(server.url) { $0.clientName = "" }
    #expect(try await info(nameless).contains(" name= "))
    await nameless.shutdown()
  }
}
