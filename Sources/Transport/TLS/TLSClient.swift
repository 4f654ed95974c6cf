internal import COpenSSL

/// TLS between a client's buffers and its socket: OpenSSL over two memory buffers, without I/O of its own.
///
/// The certificate must be signed by an authority of the context and have the host's name or address.
@EventLoop
final class TLSClient: ByteTransform {
  private let connection: OpaquePointer
  /// What came from the socket. Owned by `connection`, as `outgoing` is.
  private let incoming: OpaquePointer
  /// What goes to the socket.
  private let outgoing: OpaquePointer
  private let host: String
  private var isEstablished = false

  init(_ context: TLSContext, host: String) throws(TransportError) {
    guard let connection = SSL_new(context.pointer) else { throw TLSFailure.library("making a connection") }
    guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
      SSL_free(connection)
      throw TLSFailure.library("making buffers")
    }
    SSL_set_bio(connection, incoming, outgoing)
    SSL_set_connect_state(connection)
    (self.connection, self.incoming, self.outgoing, self.host) = (connection, incoming, outgoing, host)
    // An address is compared with the certificate's addresses, and is no name to ask for.
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host) == 1 { return }
    ERR_clear_error()
    var name = Array(host.utf8CString)
    guard SSL_set1_host(connection, host) == 1,
      name.withUnsafeMutableBytes({
        SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), $0.baseAddress)
      }) == 1
    else { throw TLSFailure.library("naming \(host)") }
  }

  isolated deinit { SSL_free(connection) }

  func start(wire: inout ByteBuffer) throws(TransportError) { try handshake(&wire) }

  func receive(_ bytes: Span<UInt8>, input: inout ByteBuffer, wire: inout ByteBuffer) throws(TransportError) {
    var taken = 0
    while taken < bytes.count {
      let written = bytes.extracting(taken...).withUnsafeBytes {
        BIO_write(incoming, $0.baseAddress, Int32(clamping: $0.count))
      }
      guard written > 0 else { throw TLSFailure.library("taking bytes from \(host)") }
      taken += Int(written)
    }
    if !isEstablished { try handshake(&wire) }
    if isEstablished { try read(&input) }
    drain(&wire)
  }

  func send(_ output: inout ByteBuffer, wire: inout ByteBuffer) throws(TransportError) {
    guard isEstablished else { return }
    while !output.isEmpty {
      ERR_clear_error()
      // Into memory everything fits: what is asked for is written.
      let written = output.withUnsafeBytes { SSL_write(connection, $0.baseAddress, Int32(clamping: $0.count)) }
      guard written > 0 else { throw TLSFailure.library("writing to \(host)") }
      output.consume(Int(written))
    }
    drain(&wire)
  }

  func finish(wire: inout ByteBuffer) {
    guard isEstablished else { return }
    ERR_clear_error()
    _ = SSL_shutdown(connection)
    drain(&wire)
  }

  private func handshake(_ wire: inout ByteBuffer) throws(TransportError) {
    ERR_clear_error()
    let result = SSL_do_handshake(connection)
    let error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(connection, result)
    drain(&wire)
    switch error {
    case SSL_ERROR_NONE: isEstablished = true
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: break
    default:
      let verdict = SSL_get_verify_result(connection)
      guard verdict == X509_V_OK else {
        ERR_clear_error()
        let reason = X509_verify_cert_error_string(verdict).map { String(cString: $0) } ?? "error \(verdict)"
        throw .transform(
          "the certificate of \(host) is not taken: \(reason); check the name, and the file of authorities")
      }
      throw TLSFailure.library("the handshake with \(host)")
    }
  }

  private func read(_ input: inout ByteBuffer) throws(TransportError) {
    while true {
      ERR_clear_error()
      var count = 0
      var failure = SSL_ERROR_NONE
      withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { piece in
        let result = SSL_read(connection, piece.baseAddress, Int32(piece.count))
        if result > 0 {
          count = Int(result)
          input.append(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        } else {
          failure = SSL_get_error(connection, result)
        }
      }
      switch failure {
      case SSL_ERROR_NONE: continue
      // The peer's farewell; its end of the socket follows.
      case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE, SSL_ERROR_ZERO_RETURN: return
      default: throw TLSFailure.library("reading from \(host)")
      }
    }
  }

  private func drain(_ wire: inout ByteBuffer) {
    withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { piece in
      while true {
        let count = BIO_read(outgoing, piece.baseAddress, Int32(piece.count))
        guard count > 0 else { return }
        wire.append(UnsafeRawBufferPointer(rebasing: piece[..<Int(count)]))
      }
    }
  }
}
