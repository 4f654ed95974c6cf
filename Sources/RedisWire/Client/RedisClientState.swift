/// What a client tells of its connection, for logs, metrics and readiness.
public enum RedisClientState: Sendable, Equatable {
  /// A connection is being made. Next: `connected`, `disconnected`, `closed`.
  case connecting
  /// Commands are answered. Next: `disconnected`, `closed`.
  case connected
  /// There is no connection, for this reason; another attempt follows. Next: `connecting`, `closed`.
  case disconnected(RedisError)
  /// The client was shut down.
  case closed
}
