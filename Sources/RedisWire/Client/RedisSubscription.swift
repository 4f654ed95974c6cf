/// One wait for the messages of a channel; give it back to the subscriber that made it.
public struct RedisSubscription: Sendable, Hashable {
  let channel: String
  let id: UInt64
}
