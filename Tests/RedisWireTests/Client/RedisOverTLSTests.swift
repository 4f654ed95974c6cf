import RedisWire
import TestSupport
import Testing
import Transport

@Suite("Redis over TLS")
struct RedisOverTLSTests {
  private func options(_ redis: SecuredRedis, _ security: TLSContext) throws -> RedisOptions {
    var options = RedisOptions(url: try RedisURL(redis.url), security: security)
    options.failFast = true
    options.commandTimeout = .seconds(20)
    options.reconnect = ReconnectPolicy(base: .milliseconds(5), cap: .milliseconds(50))
    return options
  }

  private func trusting(_ redis: SecuredRedis) throws -> TLSContext {
    try TLSContext(
      authorities: redis.authority.certificate,
      identity: .init(certificate: redis.identity.certificate, key: redis.identity.key))
  }

  @Test("small and large values go and come whole, many at a time, and so they do after the connection was cut")
  func values() async throws {
    let redis = try await SecuredRedis()
    let client = await RedisClient(try options(redis, try trusting(redis)))
    await client.start()
    var generator = SeededGenerator()
    for count in [0, 1, 16_384, 100_000, 9_000_000] {
      let value = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      var command = RedisCommand("SET", "key")
      command.append(value)
      _ = try await client.execute(command)
      #expect(try await client.execute(RedisCommand("GET", "key")).bytes == value, "\(count) bytes, \(generator)")
    }
    let sums = try await withThrowingTaskGroup(of: RESPValue.self) { group in
      for _ in 0..<500 { group.addTask { try await client.execute(RedisCommand("INCR", "number")) } }
      return try await group.reduce(into: [RESPValue]()) { $0.append($1) }
    }
    #expect(sums.count == 500 && (1...500).allSatisfy { sums.contains(.integer($0)) })
    try redis.server.command("CLIENT", "KILL", "TYPE", "normal")
    try await eventually("it is connected again") {
      (try? await client.execute(RedisCommand("GET", "number")).string) == "500"
    }
    await client.shutdown()
  }

  @Test("messages come over TLS too")
  func messages() async throws {
    let redis = try await SecuredRedis()
    let options = try options(redis, try trusting(redis))
    let received = Recorder<String>()
    let ready = Recorder<Bool>()
    let subscriber = await RedisSubscriber(options) {}
    await subscriber.start()
    let subscription = await subscriber.subscribe("channel", onReady: { ready.append(true) }) { bytes in
      received.append(String(decoding: bytes, as: UTF8.self))
    }
    try await eventually("it listens") { await !ready.values.isEmpty }
    try redis.server.command("PUBLISH", "channel", "word")
    try await eventually("the word came") { await received.values == ["word"] }
    await subscriber.shutdown()
    withExtendedLifetime(subscription) {}
  }

  enum Stranger: CaseIterable {
    case otherAuthority, noIdentity, otherIdentity, plainServer
  }

  @Test("whoever is not known is not spoken to, and the reason is told", arguments: Stranger.allCases)
  func refused(_ stranger: Stranger) async throws {
    let redis = try await SecuredRedis()
    let other = try await TestAuthority()
    let identity = TLSContext.Identity(certificate: redis.identity.certificate, key: redis.identity.key)
    var redisURL = redis.url
    let plain = try RedisServer(.tcp)
    let context: TLSContext
    switch stranger {
    case .otherAuthority: context = try TLSContext(authorities: other.certificate, identity: identity)
    case .noIdentity: context = try TLSContext(authorities: redis.authority.certificate)
    case .otherIdentity:
      let unknown = try await other.sign("DNS:client")
      context = try TLSContext(
        authorities: redis.authority.certificate,
        identity: .init(certificate: unknown.certificate, key: unknown.key))
    case .plainServer:
      context = try TLSContext(authorities: redis.authority.certificate, identity: identity)
      redisURL = "rediss://localhost:\(try #require(plain.port))/0"
    }
    var options = try options(redis, context)
    options.url = try RedisURL(redisURL)
    let client = await RedisClient(options)
    await client.start()
    let error = await #expect(throws: RedisError.self) { try await client.execute(RedisCommand("PING")) }
    #expect(["redis_connect", "redis_closed"].contains(error?.code), "\(String(describing: error))")
    if stranger == .otherAuthority {
      #expect("\(String(describing: error))".contains("certificate"), "\(error as Any)")
    }
    await client.shutdown()
    #expect(try redis.server.command("DBSIZE") == .integer(0))
  }

  @Test("an identity that is none is told before anything is connected")
  func identities() async throws {
    let authority = try await TestAuthority()
    let (first, second) = (try await authority.sign("DNS:a"), try await authority.sign("DNS:b"))
    for (certificate, key) in [
      ("/nowhere/a.pem", first.key), (first.key, first.key), (first.certificate, "/nowhere/a.key"),
      (first.certificate, second.key), (first.certificate, first.certificate),
    ] {
      let error = #expect(throws: TransportError.self) {
        _ = try TLSContext(identity: .init(certificate: certificate, key: key))
      }
      #expect("\(String(describing: error))".contains("PEM"), "\(certificate) \(key)")
    }
    _ = try TLSContext(identity: .init(certificate: first.certificate, key: first.key))
  }
}
