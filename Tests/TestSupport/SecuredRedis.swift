/// A redis-server that is spoken to by TLS, and that asks its clients for a certificate.
public final class SecuredRedis: Sendable {
  /// The server; its unix socket is not secured, for tests that look behind.
  public let server: RedisServer
  /// Where TLS is spoken.
  public let port: Int
  /// Who signed its certificate, and signs those that it takes.
  public let authority: TestAuthority
  /// A certificate that it takes.
  public let identity: (certificate: String, key: String)

  /// Starts it, on a certificate for `localhost` and 127.0.0.1.
  public init() async throws {
    authority = try await TestAuthority()
    let own = try await authority.sign("DNS:localhost", "IP:127.0.0.1")
    identity = try await authority.sign("DNS:client")
    port = try FreePort.next()
    var options = RedisServer.Options()
    options.settings = [
      "--tls-port", "\(port)", "--tls-cert-file", own.certificate, "--tls-key-file", own.key, "--tls-ca-cert-file",
      authority.certificate, "--tls-auth-clients", "yes",
    ]
    server = try RedisServer(options)
  }

  /// `rediss://`, by name.
  public var url: String { "rediss://localhost:\(port)/0" }
}
