public import RedisWire
public import Service
public import Transport

/// Tells log, metrics and whoever else of a connection to Redis.
@EventLoop
public final class ConnectionReports {
  /// Called when a connection that was lost is there again.
  public var onReconnect: () -> Void = {}
  /// Called when the connection is lost, or cannot be made.
  public var onLoss: () -> Void = {}

  private let client: String
  private let log: Logger
  private let reconnects: Counter
  private let limiter = LogLimiter(interval: .seconds(10))
  private var wasConnected = false

  /// Creates reports.
  ///
  /// - Parameter client: the connection's name in the log.
  public init(client: String, log: Logger, reconnects: Counter) {
    self.client = client
    self.log = log
    self.reconnects = reconnects
  }

  /// To be told of each change.
  public func changed(_ state: RedisClientState) {
    switch state {
    case .connected:
      log.info("redis connected", [.string("client", client)])
      if wasConnected {
        reconnects.increment()
        onReconnect()
      }
      wasConnected = true
    case .disconnected(let error):
      log.log(
        .warning, limitedBy: limiter, key: error.code, "redis disconnected", [.string("client", client), .error(error)])
      onLoss()
    case .connecting, .closed:
      break
    }
  }
}
