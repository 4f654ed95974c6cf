import CLinux
import Glibc

/// Whoever speaks a protocol over a connection. All calls come on the loop, never from inside a call of the handler's own.
@EventLoop
public protocol ConnectionHandler: AnyObject {
  /// `connection.input` grew; consume what makes a whole message.
  func connectionReceivedBytes(_ connection: Connection)
  /// The peer will send nothing more (FIN); it may still read. Unless overridden, the connection closes.
  func connectionReceivedEnd(_ connection: Connection)
  /// The output fell below the low mark after it had been above the high one.
  func connectionDrained(_ connection: Connection)
  /// Exactly once, the last call. `error` is nil when either side closed in order.
  func connectionClosed(_ connection: Connection, error: TransportError?)
}

extension ConnectionHandler {
  /// Closes after what is written has gone out.
  public func connectionReceivedEnd(_ connection: Connection) { connection.closeAfterFlush() }
  /// Nothing to do for handlers that write little.
  public func connectionDrained(_ connection: Connection) {}
}

/// A stream socket on the loop: bytes in `input`, bytes out of `output`, one read and one write a tick.
///
/// The loop keeps an open connection alive; the handler is held weakly. Writing is append to `output`, then `flush`.
@EventLoop
public final class Connection: EventSource {
  /// Open. Next: `finishing`, `closed`.
  /// Finishing: what was written still goes out, nothing is read. Next: `closed`.
  /// Closed: the descriptor is gone.
  private enum State { case open, finishing, closed }

  /// Output beyond this is congestion: stop producing until `connectionDrained`.
  public static let highMark = 256 * 1024
  /// Below this a congested connection counts as drained.
  public static let lowMark = 64 * 1024
  private static let readSize = 64 * 1024
  private static let readsPerTick = 4
  private static let readSpace = UnsafeMutableRawBufferPointer.allocate(byteCount: readSize, alignment: 64)

  /// Who is told of bytes and of the end.
  public weak var handler: (any ConnectionHandler)?
  /// Received bytes that are not consumed yet.
  public var input = ByteBuffer()
  /// Bytes to send; call `flush` after appending.
  public var output = ByteBuffer()
  /// The other side, `127.0.0.1:4000`, `[::1]:4000` or `unix`.
  public let peer: String

  private let descriptor: Int32
  private let transform: (any ByteTransform)?
  private var wire = ByteBuffer()
  private var token: UInt64 = 0
  private var state = State.open
  private var isReadable = false
  private var isReadingPaused = false
  private var isReadScheduled = false
  private var isEndInSight = false
  private var hasReceivedEnd = false
  private var isFlushScheduled = false
  private var isAwaitingDrain = false

  /// Takes over a connected, non-blocking descriptor.
  init(adopting descriptor: Int32, peer: SocketAddress?, transform: (any ByteTransform)? = nil) throws(TransportError) {
    self.descriptor = descriptor
    self.peer = peer.map { "\($0)" } ?? "unknown"
    self.transform = transform
    Socket.tune(descriptor, family: peer?.family ?? AF_UNIX)
    let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    guard let token = LoopCore.shared.watch(descriptor, events, self) else {
      let failure = Socket.failure("watching the connection to", self.peer)
      Glibc.close(descriptor)
      state = .closed
      throw failure
    }
    self.token = token
    if let transform {
      do { try transform.start(wire: &wire) } catch { close(error: error) }
      flush()
    }
  }

  /// Whether bytes can still be written.
  public var isOpen: Bool { state == .open }

  /// Whether so much waits to be sent that the producer should wait for `connectionDrained`.
  public var isCongested: Bool { unsentBytes > Self.highMark }

  /// Bytes that the kernel has not taken yet, encrypted ones as they are.
  public var unsentBytes: Int { output.count + wire.count }

  // MARK: Writing

  /// Sends `output` at the end of this tick; many calls make one write.
  public func flush() {
    guard state != .closed, !isFlushScheduled else { return }
    isFlushScheduled = true
    LoopCore.shared.atEndOfTick { self.writeOut() }
  }

  private func writeOut() {
    isFlushScheduled = false
    guard state != .closed else { return }
    if let transform {
      do { try transform.send(&output, wire: &wire) } catch { return close(error: error) }
    }
    if isCongested { isAwaitingDrain = true }
    let failed = transform == nil ? sendAll(&output) : sendAll(&wire)
    if let failed { return close(error: failed) }
    if state == .finishing && output.isEmpty && wire.isEmpty { return close(error: nil) }
    if isAwaitingDrain && unsentBytes <= Self.lowMark {
      isAwaitingDrain = false
      handler?.connectionDrained(self)
    }
  }

  /// Sends until the kernel takes no more; an error ends the connection.
  private func sendAll(_ buffer: inout ByteBuffer) -> TransportError? {
    while !buffer.isEmpty {
      let sent = buffer.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if sent >= 0 {
        buffer.consume(sent)
      } else if errno == EAGAIN {
        return nil
      } else if errno != EINTR {
        return Socket.failure("writing to", peer)
      }
    }
    return nil
  }

  // MARK: Reading

  /// Takes no more bytes from the socket, so that the peer is slowed down in the end.
  public func pauseReading() { isReadingPaused = true }

  /// Takes bytes again; what has waited in the kernel arrives in the next tick.
  public func resumeReading() {
    guard isReadingPaused else { return }
    isReadingPaused = false
    if isReadable { scheduleRead() }
  }

  private func scheduleRead() {
    guard !isReadScheduled else { return }
    isReadScheduled = true
    LoopCore.shared.atEndOfTick {
      self.isReadScheduled = false
      self.readIn()
    }
  }

  func ready(_ events: UInt32) {
    guard state != .closed else { return }
    if events & EPOLLERR.rawValue != 0 {
      let number = Socket.pendingError(descriptor)
      if number != 0 { return close(error: .system(operation: "the connection to", peer: peer, errno: number)) }
    }
    if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 {
      isReadable = true
      if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 { isEndInSight = true }
      readIn()
    }
    if events & EPOLLOUT.rawValue != 0, state != .closed, !(output.isEmpty && wire.isEmpty) { writeOut() }
  }

  private func readIn() {
    var received = false
    var reads = 0
    while state == .open, isReadable, !isReadingPaused, !hasReceivedEnd {
      if reads == Self.readsPerTick {
        scheduleRead()
        break
      }
      reads += 1
      let count = recv(descriptor, Self.readSpace.baseAddress, Self.readSize, 0)
      if count > 0 {
        // A short read leaves the socket empty: the next bytes make an edge of their own. A FIN that was announced
        // together with them does not.
        if count < Self.readSize && !isEndInSight { isReadable = false }
        let bytes = UnsafeRawBufferPointer(rebasing: Self.readSpace[..<count])
        if let failure = take(bytes) { return close(error: failure) }
        received = true
      } else if count == 0 {
        hasReceivedEnd = true
      } else if errno == EAGAIN {
        isReadable = false
      } else if errno != EINTR {
        return close(error: Socket.failure("reading from", peer))
      }
    }
    if received { handler?.connectionReceivedBytes(self) }
    if hasReceivedEnd, state == .open {
      if let handler { handler.connectionReceivedEnd(self) } else { close() }
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> TransportError? {
    guard let transform else {
      input.append(bytes)
      return nil
    }
    do {
      try transform.receive(Span(_unsafeBytes: bytes), input: &input, wire: &wire)
      if !wire.isEmpty || !output.isEmpty { flush() }
      return nil
    } catch {
      return error
    }
  }

  // MARK: The end

  /// Closes now; what was not sent is dropped.
  public func close() { close(error: nil) }

  /// Reads nothing more and closes when everything written has gone out.
  public func closeAfterFlush() {
    guard state == .open else { return }
    state = .finishing
    transform?.finish(wire: &wire)
    flush()
  }

  private func close(error: TransportError?) {
    guard state != .closed else { return }
    state = .closed
    LoopCore.shared.forget(descriptor, token)
    Glibc.close(descriptor)
    output.removeAll()
    wire.removeAll()
    LoopCore.shared.atEndOfTick { self.handler?.connectionClosed(self, error: error) }
  }
}
