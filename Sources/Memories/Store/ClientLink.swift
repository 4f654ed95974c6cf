internal import RedisWire

/// The client of the event loop as a store uses it: from any thread, with the client's own deadline.
struct ClientLink: MemoryRedis {
  let client: RedisClient

  func execute(_ command: RedisCommand) async throws(RedisError) -> RESPValue {
    try await client.execute(command, timeout: nil)
  }
}
