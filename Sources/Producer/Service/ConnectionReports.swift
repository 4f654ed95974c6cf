import RedisWire
import Service
import Transport

/// Tells log and metrics of the connection to Redis.
@EventLoop
final class ConnectionReports {
  var onReconnect: () -> Void = {}

  private let log: Logger
  private let reconnects: Counter
  private let limiter = LogLimiter(interval: .seconds(10))
  private var wasConnected = false

  init(log: Logger, reconnects: Counter) {
    self.log = log
    self.reconnects = reconnects
  }

  func changed(_ state: RedisClientState) {
    switch state {
    case .connected:
      log.info("redis connected")
      if wasConnected {
        reconnects.increment()
        onReconnect()
      }
      wasConnected = true
    case .disconnected(let error):
      log.log(.warning, limitedBy: limiter, key: error.code, "redis disconnected", [.error(error)])
    case .connecting, .closed: break
    }
  }
}
