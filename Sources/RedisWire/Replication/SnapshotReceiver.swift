public import Transport

/// Who takes the bytes of a snapshot, on the loop, in their order.
@EventLoop
public protocol SnapshotTaker: AnyObject {
  /// The server began to save its data as it was at this moment.
  func snapshotBegan(_ origin: SnapshotOrigin)
  /// So many bytes will come; nil when the server makes them as it sends.
  func snapshotAnnounced(_ bytes: Int64?)
  /// Takes bytes; false ends the transfer.
  func snapshotReceived(_ bytes: UnsafeRawBufferPointer) -> Bool
}

/// Asks a server for all its data, as a replica would, over a connection of its own.
@EventLoop
public final class SnapshotReceiver: ConnectionHandler {
  private let options: RedisOptions
  private let silence: Duration
  private let taker: any SnapshotTaker
  private let logins: [RedisCommand]
  private var exchange: SnapshotExchange
  private var connection: Connection?
  private var continuation: CheckedContinuation<Result<Void, SnapshotError>, Never>?
  private var early: Result<Void, SnapshotError>?
  private lazy var watchdog = LoopTimer { [weak self] in
    guard let self else { return }
    self.end(.failure(.silent(self.silence)))
  }

  /// - Parameters:
  ///   - options: the server, its login and its TLS; the time to connect.
  ///   - silence: how long nothing may come; a server that saves sends a sign of life every 10 s unless it is set otherwise.
  public init(_ options: RedisOptions, silence: Duration, taker: any SnapshotTaker) {
    self.options = options
    self.silence = silence
    self.taker = taker
    var url = options.url
    url.database = 0
    logins = Login.commands(for: url)
    exchange = SnapshotExchange(logins: logins.count)
  }

  /// Receives everything; returns when the last byte was taken.
  ///
  /// - Throws: also `refused` when the taker wants no more.
  /// - Redis: `AUTH`, `REPLCONF`, `PSYNC`, since 7.0.
  public func receive() async throws(SnapshotError) {
    guard !options.url.isTLS || options.transform != nil else {
      throw .redis(.unsupported("rediss:// needs a TLS transform, which this program does not set"))
    }
    do throws(TransportError) {
      connection = try await Connection.connect(
        to: options.url.endpoint, timeout: options.connectTimeout, transform: options.transform)
    } catch {
      throw .redis(.connect(address: "\(options.url.endpoint)", reason: "\(error)"))
    }
    connection?.handler = self
    send(exchange.first)
    watchdog.schedule(after: silence)
    let result = await withCheckedContinuation { continuation in
      if let early { return continuation.resume(returning: early) }
      self.continuation = continuation
    }
    try result.get()
  }

  private func send(_ command: SnapshotExchange.Step) {
    guard let connection else { return }
    let command =
      switch command {
      case .login(let index): logins[index]
      case .capabilities: RedisCommand("REPLCONF", "capa", "eof", "capa", "psync2")
      case .snapshotOnly: RedisCommand("REPLCONF", "rdb-only", "1")
      case .synchronise: RedisCommand("PSYNC", "?", "-1")
      }
    command.encode(into: &connection.output)
    connection.flush()
  }

  // MARK: The connection

  /// See `ConnectionHandler`.
  public func connectionReceivedBytes(_ connection: Connection) {
    guard early == nil else { return connection.input.removeAll() }
    watchdog.schedule(after: silence)
    var position = 0
    let outcome: Result<Bool, SnapshotError> = connection.input.withUnsafeBytes { bytes in
      do throws(SnapshotError) {
        return .success(try take(bytes, &position))
      } catch {
        return .failure(error)
      }
    }
    connection.input.consume(position)
    switch outcome {
    case .failure(let error): end(.failure(error))
    case .success(true): end(.success(()))
    case .success(false): break
    }
  }

  /// True at the end of the snapshot.
  private func take(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) throws(SnapshotError) -> Bool {
    while true {
      var consumed = 0
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      let action = try exchange.receive(rest, consumed: &consumed)
      position += consumed
      switch action {
      case .send(let command): send(command)
      case .began(let origin): taker.snapshotBegan(origin)
      case .announced(let count): taker.snapshotAnnounced(count)
      case .content(let count):
        guard taker.snapshotReceived(UnsafeRawBufferPointer(rebasing: rest[..<count])) else { throw .refused }
        if exchange.isOver { return true }
      case nil: return false
      }
    }
  }

  /// See `ConnectionHandler`.
  public func connectionReceivedEnd(_ connection: Connection) { connection.close() }

  /// See `ConnectionHandler`.
  public func connectionClosed(_ connection: Connection, error: TransportError?) {
    end(.failure(.cutShort(received: exchange.received, expected: exchange.expected)))
  }

  private func end(_ result: Result<Void, SnapshotError>) {
    guard early == nil else { return }
    early = result
    watchdog.cancel()
    connection?.handler = nil
    connection?.close()
    connection = nil
    continuation?.resume(returning: result)
    continuation = nil
  }
}
