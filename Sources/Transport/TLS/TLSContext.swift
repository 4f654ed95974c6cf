internal import COpenSSL

/// Whom a client believes, and who it says it is. TLS 1.2 and 1.3, by OpenSSL.
///
/// Unchecked because it holds a pointer. It is safe: the context is set up only inside the initialiser, before any other thread can
/// hold a reference, never changed after, and freed only in `deinit`, when none does; OpenSSL counts the connections that use it.
public final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer

  /// What a client shows to servers that ask for a certificate: paths of PEM files.
  public struct Identity: Sendable {
    let certificate: String
    let key: String

    /// - Parameters:
    ///   - certificate: the client's own, then those that lead to an authority.
    ///   - key: its private key, without a passphrase.
    public init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
  }

  /// A context.
  ///
  /// - Parameters:
  ///   - authorities: the path of a PEM file of certificates; nil takes those of the system.
  ///   - identity: what to show to a server that asks.
  /// - Throws: `transform`, when a file cannot be read, holds nothing of its kind, or certificate and key are no pair.
  public init(authorities: String? = nil, identity: Identity? = nil) throws(TransportError) {
    guard let pointer = SSL_CTX_new(TLS_client_method()) else { throw TLSFailure.library("making a context") }
    self.pointer = pointer
    guard SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1 else {
      throw TLSFailure.library("asking for TLS 1.2")
    }
    SSL_CTX_set_options(pointer, wc_ssl_no_renegotiation())
    SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    if let authorities {
      guard SSL_CTX_load_verify_file(pointer, authorities) == 1 else {
        ERR_clear_error()
        throw .transform("\(authorities) holds no certificates of authorities in PEM; check the path and the file")
      }
    } else if SSL_CTX_set_default_verify_paths(pointer) != 1 {
      throw TLSFailure.library("reading the system's authorities")
    }
    if let identity { try show(identity) }
  }

  private func show(_ identity: Identity) throws(TransportError) {
    defer { ERR_clear_error() }
    // OpenSSL would ask at the terminal for the passphrase of a key that has one.
    SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
    guard SSL_CTX_use_certificate_chain_file(pointer, identity.certificate) == 1 else {
      throw .transform("\(identity.certificate) holds no certificate in PEM; check the path and the file")
    }
    guard SSL_CTX_use_PrivateKey_file(pointer, identity.key, SSL_FILETYPE_PEM) == 1 else {
      throw .transform(
        "\(identity.key) is no private key of \(identity.certificate): expected PEM without a passphrase, and a pair")
    }
  }

  deinit { SSL_CTX_free(pointer) }

  /// The client's side of one connection to `host`, a name or an address that the certificate must have.
  @EventLoop
  public func client(of host: String) throws(TransportError) -> any ByteTransform { try TLSClient(self, host: host) }
}

/// What OpenSSL says went wrong.
enum TLSFailure {
  /// The error of a failed call; the thread's queue of errors is emptied.
  static func library(_ operation: String) -> TransportError {
    let code = ERR_get_error()
    ERR_clear_error()
    let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    return .transform("\(operation) failed: \(reason)")
  }
}
