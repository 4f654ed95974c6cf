import Transport

/// Who uses a link. All calls come on the loop.
@EventLoop
protocol RedisLinkOwner: AnyObject {
  func linkChanged(_ state: RedisClientState)
  /// The answer of a command; nobody may wait for it any more.
  func linkReceived(_ value: RESPValue, for pending: PendingCommand)
  func linkReceivedPush(_ elements: [RESPValue])
}
