public import Transport

/// Messages of any number of channels over one connection, which is made anew whenever it is lost.
///
/// The server is asked for a channel when the first subscription to it is made, and no longer after the last one has ended.
/// Messages that are published while there is no connection are lost: `onReset` says when to look at the truth again.
/// Call `shutdown` before letting go of a subscriber.
@EventLoop
public final class RedisSubscriber: RedisLinkOwner {
  /// What is asked of a channel.
  private struct Channel {
    var listeners: [UInt64: @EventLoop ([UInt8]) -> Void] = [:]
    var readers: [@EventLoop () -> Void] = []
  }

  private let link: RedisLink
  private let onReset: @EventLoop () -> Void
  private let onStateChange: (@EventLoop (RedisClientState) -> Void)?
  private var channels: [String: Channel] = [:]
  /// How many `SUBSCRIBE` of a channel went out on this connection and are not confirmed.
  private var unconfirmed: [String: Int] = [:]
  private var isResetDue = false
  private var lastID: UInt64 = 0

  /// The state of the connection.
  public private(set) var state = RedisClientState.connecting

  /// Makes a subscriber; `start` connects it.
  ///
  /// - Parameters:
  ///   - onReset: called on the loop after a reconnect, when every channel is subscribed to again: what was published
  ///     meanwhile did not arrive, so read again what the messages tell of.
  ///   - onStateChange: called on the loop at each change of `state`.
  public init(
    _ options: RedisOptions, onReset: @escaping @EventLoop () -> Void,
    onStateChange: (@EventLoop (RedisClientState) -> Void)? = nil
  ) {
    link = RedisLink(options, isSubscriber: true)
    self.onReset = onReset
    self.onStateChange = onStateChange
    link.owner = self
  }

  /// Whether the connection is up.
  public var isConnected: Bool { link.isReady }

  /// How often the connection was lost and made again.
  public var reconnects: Int { link.reconnects }

  /// How many channels have a subscription.
  public var channelCount: Int { channels.count }

  /// Connects, and connects again after each loss, until `shutdown`.
  public func start() {
    link.start()
  }

  /// Closes the connection; no message comes any more.
  public func shutdown() async {
    channels = [:]
    if state == .closed { return }
    await withCheckedContinuation { continuation in
      link.stop { continuation.resume() }
    }
  }

  /// Subscribes to a channel.
  ///
  /// - Parameters:
  ///   - onReady: called once on the loop, after this call has returned, when the server has confirmed the channel: every
  ///     message that is published from then on arrives, so this is the moment to read what the messages tell of.
  ///   - onMessage: called on the loop with each message.
  /// - Redis: `SUBSCRIBE`, unless the channel has a subscription.
  public func subscribe(
    _ channel: String, onReady: (@EventLoop () -> Void)? = nil, onMessage: @escaping @EventLoop ([UInt8]) -> Void
  ) -> RedisSubscription {
    lastID += 1
    let isNew = channels[channel] == nil
    channels[channel, default: Channel()].listeners[lastID] = onMessage
    if let onReady { channels[channel]?.readers.append(onReady) }
    if isNew {
      if link.isReady { request([channel]) }
    } else if link.isReady, unconfirmed[channel] == nil {
      EventLoop.after(.zero) { [weak self] in self?.tellReaders(of: channel) }
    }
    return RedisSubscription(channel: channel, id: lastID)
  }

  /// Ends a subscription; a second end of the same one is nothing.
  ///
  /// - Redis: `UNSUBSCRIBE`, after the channel's last subscription.
  public func unsubscribe(_ subscription: RedisSubscription) {
    let channel = subscription.channel
    guard channels[channel]?.listeners.removeValue(forKey: subscription.id) != nil else { return }
    guard channels[channel]?.listeners.isEmpty == true else { return }
    channels[channel] = nil
    if link.isReady { link.sendUnanswered(RedisCommand("UNSUBSCRIBE", channel)) }
  }

  private func request(_ names: [String]) {
    guard !names.isEmpty else { return }
    var command = RedisCommand("SUBSCRIBE")
    for name in names {
      command.append(name)
      unconfirmed[name, default: 0] += 1
    }
    link.sendUnanswered(command)
  }

  private func tellReaders(of channel: String) {
    // Another SUBSCRIBE may be on its way by now; its confirmation tells them.
    guard unconfirmed[channel] == nil, link.isReady, let readers = channels[channel]?.readers else { return }
    channels[channel]?.readers = []
    for reader in readers {
      reader()
    }
  }

  // MARK: The link

  func linkChanged(_ state: RedisClientState) {
    switch state {
    case .connected:
      unconfirmed = [:]
      isResetDue = link.reconnects > 0 && !channels.isEmpty
      request(Array(channels.keys))
    case .disconnected, .connecting, .closed:
      unconfirmed = [:]
    }
    guard state != self.state else { return }
    self.state = state
    onStateChange?(state)
  }

  func linkReceivedPush(_ elements: [RESPValue]) {
    guard elements.count == 3, let channel = elements[1].string else { return }
    if elements[0].reads("message") {
      guard let bytes = elements[2].bytes, let listeners = channels[channel]?.listeners.values else { return }
      for listener in listeners {
        listener(bytes)
      }
    } else if elements[0].reads("subscribe") {
      confirmed(channel)
    }
  }

  func linkReceived(_ value: RESPValue, for pending: PendingCommand) {
    pending.finish(.success(value))
    // The only command with an answer is PING; an error means that the server takes no subscriptions.
    if let error = value.error { link.restart(RedisError(error)) }
  }

  private func confirmed(_ channel: String) {
    guard let count = unconfirmed[channel] else { return }
    unconfirmed[channel] = count > 1 ? count - 1 : nil
    tellReaders(of: channel)
    if isResetDue, unconfirmed.isEmpty {
      isResetDue = false
      onReset()
    }
  }
}
