import RedisWire
import Testing
import TestSupport
import Transport

@Suite("Servers that are no Redis")
struct RedisStrangeServerTests {
  #if Hiredis
    private static let answers = ["HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0\0", ">1\r\n+x\r\n:zz\r\n"]
  #else
    private static let answers = [
      "HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0\0", "$99999999999\r\n", "*-5\r\n", "+OK\r\n+OK\r\n+OK\r\n",
      "-ERR no\r\n", ">1\r\n+x\r\n:zz\r\n",
    ]
  #endif

  @Test(
    "rubbish is a protocol violation or a failed login, never an answer",
    arguments: answers)
  func rubbish(answer: String) async throws {
    let server = try await ScriptedServer { _ in Array(answer.utf8) }
    var options = RedisOptions(url: await server.url)
    options.failFast = true
    options.reconnect = ReconnectPolicy(base: .milliseconds(1), cap: .milliseconds(10))
    let client = await RedisClient(options)
    await client.start()
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
    #expect(["redis_protocol", "redis_server", "redis_closed"].contains(error?.code), "\(String(describing: error))")
    try await eventually("the client tries again") { await server.accepted >= 2 }
    await client.shutdown()
    await server.close()
  }

  @Test("a server that accepts and says nothing fails the login in time")
  func silence() async throws {
    let server = try await ScriptedServer { _ in [] }
    var options = RedisOptions(url: await server.url)
    options.connectTimeout = .milliseconds(50)
    options.failFast = true
    let client = await RedisClient(options)
    await client.start()
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
    #expect(error?.code == "redis_connect")
    await client.shutdown()
    await server.close()
  }

  @Test("TLS without a transform is refused with what is missing")
  func tls() async throws {
    var options = RedisOptions(url: try RedisURL("rediss://127.0.0.1:1"))
    options.commandTimeout = .seconds(20)
    let client = await RedisClient(options)
    await client.start()
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
    #expect(error?.code == "redis_unsupported")
    await client.shutdown()
  }
}
