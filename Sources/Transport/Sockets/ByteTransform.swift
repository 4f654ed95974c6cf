/// What may sit between a socket and a connection's buffers: TLS, most of all.
///
/// The connection calls it on the loop; it does no I/O of its own. An error closes the connection.
@EventLoop
public protocol ByteTransform: AnyObject {
  /// Begins: puts what must go out first (a ClientHello) into `wire`.
  func start(wire: inout ByteBuffer) throws(TransportError)
  /// Takes bytes from the socket; appends what they mean to `input` and any answer of its own to `wire`.
  func receive(_ bytes: Span<UInt8>, input: inout ByteBuffer, wire: inout ByteBuffer) throws(TransportError)
  /// Takes what the owner wrote, all of it or none while not ready, and appends what goes out to `wire`.
  func send(_ output: inout ByteBuffer, wire: inout ByteBuffer) throws(TransportError)
  /// Ends: puts a farewell (close_notify) into `wire`.
  func finish(wire: inout ByteBuffer)
}
