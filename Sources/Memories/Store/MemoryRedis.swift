public import RedisWire

/// Sends commands to Redis for a `MemoryStore`, from any thread.
public protocol MemoryRedis: Sendable {
  /// Sends a command and waits for its answer; an error of the server is thrown.
  func execute(_ command: RedisCommand) async throws(RedisError) -> RESPValue
}
