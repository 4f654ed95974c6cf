import Jobs
import Memories
import Proofs
import RedisWire
import TestSupport
import Testing
import Transport

@Suite("On the client of the event loop")
struct ClientTests {
  private func client(_ server: RedisServer) async throws -> RedisClient {
    var options = RedisOptions(url: try RedisURL(server.url))
    options.commandTimeout = .seconds(10)
    return await Self.start(options)
  }

  @EventLoop
  private static func start(_ options: RedisOptions) -> RedisClient {
    let client = RedisClient(options)
    client.start()
    return client
  }

  @Test("tasks off the loop store, recall, verify and forget over one connection")
  func operations() async throws {
    let server = try RedisServer()
    let client = try await client(server)
    let store = MemoryStore(client: client, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let results = try await withThrowingTaskGroup { group in
      for number in 0..<6 {
        group.addTask {
          try await store.store(
            StoreRequest(user: "u\(number % 2)", content: "\(number)", tags: ["t"]), job: try job(number))
        }
      }
      return try await group.reduce(into: [StoreResult]()) { $0.append($1) }
    }
    #expect(results.map(\.leafIndex).sorted() == [0, 0, 1, 1, 2, 2])
    for (user, count) in [("u0", 3), ("u1", 3)] {
      let result = try await store.forget(ForgetRequest(user: user), job: try job(10))
      #expect(result.forgotten == count && result.nullifiers.count == count)
    }
    await client.shutdown()
  }

  @Test("a store that has lost Redis says so and may be retried; then it answers the same")
  func lost() async throws {
    let server = try RedisServer(.durable)
    let client = try await client(server)
    let store = MemoryStore(client: client, keys: .standard, ring: try MemoryKeyRing(encryptionKey: MemoryBed.master))
    let request = StoreRequest(user: "u", content: "c")
    let before = try await store.store(request, job: try job(1))
    try server.restart(killing: true)
    var after: StoreResult?
    try await eventually("the same job answers again") {
      let error = await failure { after = try await store.store(request, job: try job(1)) }
      #expect(error?.isRetryable != false, "\(error?.code ?? "none")")
      return after != nil
    }
    #expect(after == before)
    server.kill()
    await client.shutdown()
  }
}
