import RedisWire
import Transport

/// A listener that answers what the test tells it to, for servers that no Redis is.
@EventLoop
final class ScriptedServer: ConnectionHandler {
  private var listener: Listener?
  private var connections: [Connection] = []
  private let answer: @EventLoop ([UInt8]) -> [UInt8]
  private(set) var accepted = 0

  /// - Parameter answer: given what came in one piece; the answer goes out as it is.
  init(answer: @escaping @EventLoop @Sendable ([UInt8]) -> [UInt8]) throws {
    self.answer = answer
    listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { [weak self] connection in
      self?.accepted += 1
      self?.connections.append(connection)
      connection.handler = self
    }
  }

  var url: RedisURL { RedisURL(.tcp(host: "127.0.0.1", port: listener?.port ?? 0)) }

  func close() {
    listener?.close()
    for connection in connections { connection.close() }
  }

  func connectionReceivedBytes(_ connection: Connection) {
    connection.output.append(answer(connection.input.takeAll()))
    connection.flush()
  }

  func connectionClosed(_ connection: Connection, error: TransportError?) {
    connections.removeAll { $0 === connection }
  }
}
