import Transport

/// A handler that sends back what it gets and remembers how it ended.
@EventLoop
final class EchoPeer: ConnectionHandler {
  private(set) var connections: [Connection] = []
  private(set) var closures: [TransportError?] = []
  private(set) var drains = 0
  /// Answers nothing while set; the input piles up.
  var isSilent = false

  nonisolated init() {}

  func serve(_ connection: Connection) {
    connections.append(connection)
    connection.handler = self
  }

  func connectionReceivedBytes(_ connection: Connection) {
    if isSilent { return }
    connection.output.append(connection.input.takeAll())
    connection.flush()
  }

  func connectionDrained(_ connection: Connection) { drains += 1 }

  func connectionClosed(_ connection: Connection, error: TransportError?) { closures.append(error) }
}

/// A client that collects what arrives and lets a test await it.
@EventLoop
final class Collector: ConnectionHandler {
  let connection: Connection
  private(set) var received: [UInt8] = []
  private(set) var endings: [TransportError?] = []
  private var wanted = Int.max
  private var waiter: CheckedContinuation<Void, Never>?

  init(_ connection: Connection) {
    self.connection = connection
    connection.handler = self
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    connection.output.append(bytes)
    connection.flush()
  }

  /// Waits for `count` bytes in all, or for the end of the connection.
  func receive(_ count: Int) async -> [UInt8] {
    if received.count < count && endings.isEmpty {
      await withCheckedContinuation { continuation in
        wanted = count
        waiter = continuation
      }
    }
    return received
  }

  func end() async { _ = await receive(.max) }

  func connectionReceivedBytes(_ connection: Connection) {
    received += connection.input.takeAll()
    if received.count >= wanted { wake() }
  }

  func connectionClosed(_ connection: Connection, error: TransportError?) {
    endings.append(error)
    wake()
  }

  private func wake() {
    wanted = .max
    waiter?.resume()
    waiter = nil
  }
}
