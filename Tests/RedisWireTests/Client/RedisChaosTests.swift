import RedisWire
import TestSupport
import Testing
import Transport

@Suite("Redis client in a storm")
struct RedisChaosTests {
  /// How commands ended, counted.
  private struct Ends {
    var answered = 0
    var ambiguous = 0
    var unsent = 0
    var others: [RedisError] = []
  }

  @Test("through cuts and holds each command ends once, and is carried out at most once")
  func storm() async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.address)
    let client = try await startedClient(proxy.redisURL) {
      $0.commandTimeout = .seconds(2)
      $0.idlePing = .milliseconds(500)
    }
    var generator = SeededGenerator()
    let seed = generator.description
    let script = RedisScript(name: "count", source: Array("return redis.call('INCR', KEYS[1])".utf8))
    let total = 600
    let commands = Task {
      await withTaskGroup(of: Result<RESPValue, RedisError>.self) { group in
        for index in 0..<total {
          group.addTask {
            do throws(RedisError) {
              if index.isMultiple(of: 3) { return .success(try await client.evaluate(script, keys: ["n"])) }
              return .success(try await client.execute(RedisCommand("INCR", "n")))
            } catch {
              return .failure(error)
            }
          }
          // A little at a time, so that faults come in between.
          if index.isMultiple(of: 10) { _ = try? await client.execute(RedisCommand("PING")) }
        }
        var ends = Ends()
        for await result in group {
          switch result {
          case .success: ends.answered += 1
          case .failure(let error) where !error.wasSent: ends.unsent += 1
          case .failure(.closed), .failure(.timeout): ends.ambiguous += 1
          case .failure(let error): ends.others.append(error)
          }
        }
        return ends
      }
    }
    for _ in 0..<12 {
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: proxy.cut()
      case 1: proxy.cutAfterSending(bytes: Int.random(in: 1...300, using: &generator))
      default: try server.command("SCRIPT", "FLUSH")
      }
      let reconnects = await client.reconnects
      _ = try? await client.execute(RedisCommand("PING"))
      if await client.reconnects == reconnects { _ = try? await client.execute(RedisCommand("PING")) }
    }
    let ends = await commands.value
    #expect(ends.others.isEmpty, "\(seed): \(ends.others)")
    #expect(ends.answered + ends.ambiguous + ends.unsent == total, "\(seed)")
    let count = try server.command("GET", "n").int ?? 0
    #expect(count >= ends.answered && count <= ends.answered + ends.ambiguous, "\(seed): \(count) of \(ends)")
    #expect(await client.pending == 0, "\(seed)")
    await client.shutdown()
  }

  @Test("a client that is let go of closes its connection")
  func lettingGo() async throws {
    let server = try RedisServer()
    var options = RedisOptions(url: try RedisURL(server.url))
    options.clientName = "forgotten"
    do {
      let client = await RedisClient(options)
      await client.start()
      _ = try await client.execute(RedisCommand("PING"))
    }
    try await eventually("the server sees it go") {
      try server.command("CLIENT", "LIST").text?.contains("name=forgotten") == false
    }
  }
}
