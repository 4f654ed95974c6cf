public import Transport

/// Takes a response's body piece by piece.
@EventLoop
public final class ResponseWriter {
  private weak var connection: ServerConnection?
  /// Bytes written so far, without framing.
  public private(set) var bytesWritten = 0

  init(_ connection: ServerConnection) { self.connection = connection }

  /// Whether the client takes its bytes more slowly than they are written; `write` would wait.
  public var isCongested: Bool { connection?.connection.isCongested ?? false }

  /// Whether the client is still there, as far as is known.
  public var isOpen: Bool { connection?.canWriteStream ?? false }

  /// Sends `bytes` with this tick's write, and waits while the client is behind.
  ///
  /// - Throws: `disconnected` when the client has gone: stop producing.
  public func write(_ bytes: [UInt8]) async throws(HTTPStreamError) {
    guard let connection, connection.canWriteStream, !Task.isCancelled else { throw .disconnected }
    bytesWritten += bytes.count
    connection.writeStream(bytes)
    while true {
      let seen = connection.drained.generation
      if !connection.canWriteStream { throw .disconnected }
      if !connection.connection.isCongested { return }
      await connection.drained.wait(after: seen)
      if Task.isCancelled { throw .disconnected }
    }
  }

  /// Sends an event of a `text/event-stream`.
  ///
  /// - Throws: as `write`.
  public func write(_ event: ServerSentEvent) async throws(HTTPStreamError) { try await write(event.encoded) }
}
