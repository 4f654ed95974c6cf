public import Transport

/// A request's body, read piece by piece as the handler asks for it.
///
/// Nothing is read ahead beyond 256 KiB: a handler that takes its time slows the client down.
@EventLoop
public final class RequestBody {
  private weak var connection: ServerConnection?
  private let arrival = WakeSignal()
  private var isOver = false

  init(_ connection: ServerConnection) { self.connection = connection }

  /// The next bytes, up to about 64 KiB, or nil at the end of the body.
  ///
  /// - Throws: `invalid` for broken framing or a body beyond the route's limit, `disconnected`, `timedOut`. An error
  ///   that leaves the handler is answered with the fitting problem.
  /// Have one reader at a time.
  public func next() async throws(HTTPStreamError) -> [UInt8]? {
    if isOver { return nil }
    while true {
      guard let connection else { throw .disconnected }
      let seen = arrival.generation
      switch connection.pullBody() {
      case .bytes(let bytes): return bytes
      case .end:
        isOver = true
        return nil
      case .failed(let error): throw error
      case .wait: break
      }
      await arrival.wait(after: seen)
      if Task.isCancelled { throw .disconnected }
    }
  }

  /// The rest of the body as one array.
  ///
  /// - Throws: as `next`.
  public func collect() async throws(HTTPStreamError) -> [UInt8] {
    var all: [UInt8] = []
    while let bytes = try await next() { all += bytes }
    return all
  }

  /// Lets a waiting reader look again.
  func wake() { arrival.raise() }
}
